package dev.brigade.engine.ggml.binding;

/** Where the tensors of one graph at a time live while it is computed. Closed by its owner. */
public sealed interface GraphMemory extends AutoCloseable permits DirectMemory, ScheduledMemory {

  /**
   * Gives a graph's tensors memory; the graph before cannot run any more.
   *
   * @param tensors most that the graph has, those of others that it reads included
   * @return whether there was enough
   */
  boolean allocate(GraphNotes graph, long tensors);

  /** Computes the graph that has memory, and gives {@code enum ggml_status}. */
  int compute(GraphNotes graph);

  /** Memory taken. */
  long bytes();

  @Override
  void close();
}
