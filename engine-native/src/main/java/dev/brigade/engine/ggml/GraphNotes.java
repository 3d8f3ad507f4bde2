package dev.brigade.engine.ggml;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A graph while it is noted: a context for its tensors, the order in which they are computed, and
 * what is to be filled in before each run. Freed by its owner.
 */
final class GraphNotes implements AutoCloseable {
  private final long most;
  private final long context;
  private final long graph;
  private final List<Input> inputs = new ArrayList<>();
  private long noted;
  private boolean closed;

  /**
   * @param most tensors that there may be; ggml ends the process when there are more
   */
  GraphNotes(long most) {
    this.most = most;
    context = GraphContext.open(most, most);
    graph = Ggml.ggml_new_graph_custom(context, most, (byte) 0);
  }

  /**
   * What is filled in before a run.
   *
   * @param values as they go into the tensor
   * @param fill writes them anew
   */
  private record Input(long tensor, ByteBuffer values, Consumer<ByteBuffer> fill) {}

  /** The context, for one more tensor. */
  long next() {
    if (++noted > most) {
      throw new IllegalStateException("a graph of more than " + most + " tensors");
    }
    return context;
  }

  /** Tensors so far. */
  long noted() {
    return noted;
  }

  long graph() {
    return graph;
  }

  /** An input that the caller sets itself. */
  long input(GgmlType type, long ne0, long ne1) {
    long tensor =
        ne1 == 1
            ? Ggml.ggml_new_tensor_1d(next(), type.code(), ne0)
            : Ggml.ggml_new_tensor_2d(next(), type.code(), ne0, ne1);
    Ggml.ggml_set_input(tensor);
    // Filled even if nothing comes to use it, as in a last layer of which only the cache is wanted.
    compute(tensor);
    return tensor;
  }

  /** An input that is filled before every run; the buffer given to {@code fill} begins at 0. */
  long input(GgmlType type, long ne0, long ne1, Consumer<ByteBuffer> fill) {
    long tensor = input(type, ne0, ne1);
    int bytes = Math.toIntExact(type.bytes(ne0 * ne1));
    inputs.add(
        new Input(tensor, ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN), fill));
    return tensor;
  }

  /** Says that a tensor, and what it is made of, is computed after all that was said before. */
  void compute(long tensor) {
    Ggml.ggml_build_forward_expand(graph, tensor);
  }

  /** Fills the inputs; the tensors must have memory. */
  void fillInputs() {
    for (Input input : inputs) {
      ByteBuffer values = input.values().clear();
      input.fill().accept(values);
      values.clear();
      Ggml.ggml_backend_tensor_set(
          input.tensor(), WeightLoader.address(values), 0, values.capacity());
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Ggml.ggml_free(context);
    }
  }
}
