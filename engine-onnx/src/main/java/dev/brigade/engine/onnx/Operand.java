package dev.brigade.engine.onnx;

import dev.brigade.model.weights.Weight;
import java.util.List;

/**
 * A weight as a graph asks for it.
 *
 * @param weight what the recipe asked for, or rows of it
 * @param shape as which its elements, in order, are seen
 * @param packing how it is kept
 */
record Operand(Weight weight, List<Long> shape, Packing packing) {
  Operand {
    shape = List.copyOf(shape);
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
