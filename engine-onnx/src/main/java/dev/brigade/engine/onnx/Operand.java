package dev.brigade.engine.onnx;

import dev.brigade.model.weights.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A weight as a graph asks for it.
 *
 * @param weight what the recipe asked for, or rows of it
 * @param woven another of the same shape, whose rows take turns with the first one's
 * @param shape as which the elements, in order, are seen
 * @param packing how it is kept
 */
record Operand(Weight weight, Optional<Weight> woven, List<Long> shape, Packing packing) {
  Operand {
    shape = List.copyOf(shape);
  }

  Operand(Weight weight, List<Long> shape, Packing packing) {
    this(weight, Optional.empty(), shape, packing);
  }

  /**
   * Two stacks {@code [experts, rows, columns]}, or {@code [experts, rows]}, as one with twice the
   * rows: a row of the first, a row of the second, and so on.
   */
  static Operand woven(Weight first, Weight second, Packing packing) {
    List<Long> shape = new ArrayList<>(first.shape());
    shape.set(1, 2 * shape.get(1));
    return new Operand(first, Optional.of(second), shape, packing);
  }

  /** Elements of a row. */
  int rowElements() {
    // Rows of stacked biases have one.
    boolean isBias = woven.isPresent() && shape.size() == 2;
    return isBias ? 1 : Math.toIntExact(shape.get(shape.size() - 1));
  }

  /** The tensors that it is kept in. */
  List<Packing.Part> parts() {
    return packing.parts(shape);
  }

  /** Memory that it takes. */
  long bytes() {
    return parts().stream().mapToLong(Packing.Part::bytes).sum();
  }
}
