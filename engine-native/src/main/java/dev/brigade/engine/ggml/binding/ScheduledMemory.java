package dev.brigade.engine.ggml.binding;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.List;

/**
 * For graphs that run on several devices: each operation where its weights are, or, where the
 * device there lacks it, on the CPU, with what goes to and fro copied by ggml's scheduler.
 */
final class ScheduledMemory implements GraphMemory {
  private final List<Long> backends;
  private long scheduler;
  private long capacity;

  /**
   * @param backends in the order in which they are preferred, the CPU's last
   */
  ScheduledMemory(List<Long> backends) {
    this.backends = List.copyOf(backends);
  }

  @Override
  public boolean allocate(GraphNotes graph, long tensors) {
    if (tensors > capacity) {
      close();
      // A scheduler's own tables grow with what it may be given.
      capacity = 2 * tensors;
      scheduler = start(capacity);
    }
    Ggml.ggml_backend_sched_reset(scheduler);
    return Ggml.ggml_backend_sched_alloc_graph(scheduler, graph.graph()) != 0;
  }

  private long start(long nodes) {
    try (Memory list = new Memory((long) backends.size() * Native.POINTER_SIZE)) {
      for (int i = 0; i < backends.size(); i++) {
        list.setPointer((long) i * Native.POINTER_SIZE, new Pointer(backends.get(i)));
      }
      return Ggml.ggml_backend_sched_new(
          Pointer.nativeValue(list), 0, backends.size(), nodes, (byte) 0, (byte) 1);
    }
  }

  @Override
  public int compute(GraphNotes graph) {
    return Ggml.ggml_backend_sched_graph_compute(scheduler, graph.graph());
  }

  @Override
  public long bytes() {
    return scheduler == 0
        ? 0
        : backends.stream()
            .mapToLong(backend -> Ggml.ggml_backend_sched_get_buffer_size(scheduler, backend))
            .sum();
  }

  @Override
  public void close() {
    if (scheduler != 0) {
      Ggml.ggml_backend_sched_free(scheduler);
      scheduler = 0;
      capacity = 0;
    }
  }
}
