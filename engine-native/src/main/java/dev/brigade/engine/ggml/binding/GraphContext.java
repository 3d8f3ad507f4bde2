package dev.brigade.engine.ggml.binding;

/** Memory for the descriptions of tensors and for a graph of them; a tensor's data is elsewhere. */
final class GraphContext {
  private GraphContext() {}

  /** A context for some tensors; freed by {@code ggml_free}. */
  static long open(long tensors) {
    return open(tensors, 0);
  }

  /** A context for some tensors and a graph of as many as {@code nodes}. */
  static long open(long tensors, long nodes) {
    Ggml.InitParams.ByValue params = new Ggml.InitParams.ByValue();
    params.bytes =
        tensors * Ggml.ggml_tensor_overhead()
            + (nodes == 0 ? 0 : Ggml.ggml_graph_overhead_custom(nodes, (byte) 0))
            + 1024;
    params.noAlloc = 1;
    long context = Ggml.ggml_init(params);
    if (context == 0) {
      throw new IllegalStateException("ggml has no memory for a context of " + params.bytes);
    }
    return context;
  }
}
