package dev.brigade.engine.ggml.binding;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import dev.brigade.model.engine.CancellationWatch;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Timer;
import dev.brigade.spi.engine.EngineException.Cancelled;
import dev.brigade.spi.engine.EngineException.DeviceFailure;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Runs graphs on a device, and on the CPU by a pool of threads that stay what the device cannot.
 * Used from one thread at a time.
 */
public final class Backends implements AutoCloseable {
  /** More than {@code struct ggml_threadpool_params} takes: 512 flags and five numbers. */
  private static final int POOL_PARAMS_BYTES = 1024;

  private final GgmlDevice cpu;
  private final long backend;

  /** Of the device, if that is not the CPU. */
  private final Optional<Long> accelerator;

  private long pool;
  private long nanos;
  private final Timer timer;

  /** A text of C that is empty as long as a graph is wanted. */
  private final Memory unwanted = new Memory(2);

  private boolean closed;

  /**
   * @param cpu of the same library as the device, or the device itself
   */
  public Backends(GgmlDevice cpu, GgmlDevice device, int threads, Timer timer) {
    this.cpu = cpu;
    this.timer = timer;
    unwanted.clear();
    accelerator = device.isCpu() ? Optional.empty() : Optional.of(start(device));
    backend = start(cpu);
    cpu.function("ggml_backend_set_n_threads")
        .ifPresent(f -> f.invokeVoid(new Object[] {new Pointer(backend), threads}));
    startPool(threads);
    letAbort();
  }

  private static long start(GgmlDevice device) {
    long started = Ggml.ggml_backend_dev_init(device.handle(), null);
    if (started == 0) {
      throw new IllegalStateException("ggml could not start its device " + device.name());
    }
    return started;
  }

  /**
   * Memory for graphs, which the caller closes.
   *
   * @param scheduled whether they go through ggml's scheduler, which is needed where there is more
   *     than the CPU
   */
  public GraphMemory graphMemory(boolean scheduled) {
    return scheduled || accelerator.isPresent()
        ? new ScheduledMemory(Stream.concat(accelerator.stream(), Stream.of(backend)).toList())
        : new DirectMemory(cpu, backend);
  }

  /**
   * ggml asks a function before every operation whether to stop. A call of Java's there would cost
   * as much as small operations do, so it is C's own {@code strlen}: 0, false, for an empty text.
   */
  private void letAbort() {
    Pointer length = NativeLibrary.getInstance(Platform.C_LIBRARY_NAME).getFunction("strlen");
    cpu.function("ggml_backend_set_abort_callback")
        .ifPresent(f -> f.invokeVoid(new Object[] {new Pointer(backend), length, unwanted}));
  }

  private void startPool(int threads) {
    Optional<Function> make = cpu.function("ggml_threadpool_new");
    Optional<Function> use = cpu.function("ggml_backend_cpu_set_threadpool");
    if (threads < 2 || make.isEmpty() || use.isEmpty()) {
      return;
    }
    try (Memory params = new Memory(POOL_PARAMS_BYTES)) {
      params.clear();
      initPoolParams(params, threads);
      Pointer made = make.get().invokePointer(new Object[] {params});
      if (made != null) {
        pool = Pointer.nativeValue(made);
        use.get().invokeVoid(new Object[] {new Pointer(backend), made});
      }
    }
  }

  /** Fills {@code struct ggml_threadpool_params} with the usual settings. */
  public static void initPoolParams(Memory params, int threads) {
    Ggml.ggml_threadpool_params_init(Pointer.nativeValue(params), threads);
  }

  /**
   * Computes a graph whose tensors have memory.
   *
   * @param memory that they have it from
   * @throws Cancelled if it was not wanted any more; ends before the next operation then
   */
  public void compute(GraphMemory memory, GraphNotes graph, Cancellation cancel)
      throws DeviceFailure, Cancelled {
    unwanted.setByte(0, (byte) 0);
    int status;
    CancellationWatch watch =
        CancellationWatch.start(cancel, timer, () -> unwanted.setByte(0, (byte) 1));
    try {
      long begin = System.nanoTime();
      status = memory.compute(graph);
      nanos += System.nanoTime() - begin;
    } finally {
      watch.close();
    }
    if (status == Ggml.ABORTED) {
      throw new Cancelled();
    }
    if (status != Ggml.SUCCESS) {
      throw new DeviceFailure(
          "ggml's computation ended with status "
              + status
              + (status == Ggml.ALLOCATION_FAILED ? ": out of memory" : ""),
          null);
    }
  }

  /** Nanoseconds that graphs have taken so far. */
  public long nanos() {
    return nanos;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      accelerator.ifPresent(Ggml::ggml_backend_free);
      Ggml.ggml_backend_free(backend);
      if (pool != 0) {
        cpu.function("ggml_threadpool_free")
            .ifPresent(f -> f.invokeVoid(new Object[] {new Pointer(pool)}));
      }
      unwanted.close();
    }
  }
}
