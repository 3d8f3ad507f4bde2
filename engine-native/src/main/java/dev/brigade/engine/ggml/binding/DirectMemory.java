package dev.brigade.engine.ggml.binding;

/** For graphs that run on the CPU alone. */
final class DirectMemory implements GraphMemory {
  private final long backend;
  private final long allocator;
  private boolean closed;

  /**
   * @param backend the CPU's
   */
  DirectMemory(GgmlDevice cpu, long backend) {
    this.backend = backend;
    allocator = Ggml.ggml_gallocr_new(cpu.bufferType().handle());
  }

  @Override
  public boolean allocate(GraphNotes graph, long tensors) {
    return Ggml.ggml_gallocr_alloc_graph(allocator, graph.graph()) != 0;
  }

  @Override
  public int compute(GraphNotes graph) {
    return Ggml.ggml_backend_graph_compute(backend, graph.graph());
  }

  @Override
  public long bytes() {
    return Ggml.ggml_gallocr_get_buffer_size(allocator, 0);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Ggml.ggml_gallocr_free(allocator);
    }
  }
}
