package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.GgmlTensor;
import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.engine.ggml.binding.GraphNotes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What is filled in anew before each run of a graph. */
final class GraphInputs {
  private final GraphNotes notes;
  private final List<Input> inputs = new ArrayList<>();

  GraphInputs(GraphNotes notes) {
    this.notes = notes;
  }

  /**
   * An input.
   *
   * @param values as they go into the tensor
   * @param fill writes them anew
   */
  private record Input(GgmlTensor tensor, ByteBuffer values, Consumer<ByteBuffer> fill) {}

  /** One more; the buffer given to {@code fill} begins at 0. */
  GgmlTensor add(GgmlType type, long ne0, long ne1, Consumer<ByteBuffer> fill) {
    GgmlTensor tensor = notes.input(type, ne0, ne1);
    int bytes = Math.toIntExact(type.bytes(ne0 * ne1));
    inputs.add(
        new Input(tensor, ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN), fill));
    return tensor;
  }

  /** Fills them all; the tensors must have memory. */
  void fill() {
    for (Input input : inputs) {
      ByteBuffer values = input.values().clear();
      input.fill().accept(values);
      input.tensor().set(values.clear(), 0);
    }
  }
}
