package dev.brigade.engine.mlx.binding;

import dev.brigade.spi.engine.EngineException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The one thread that talks to MLX. A stream of MLX's belongs to the thread that made it, and
 * recording is not made for several threads at once; so whoever calls hands its work over here and
 * waits. Handing over takes some ten microseconds, and a pass does it once for each chunk.
 */
final class MlxThread {
  private final ThreadGroup group = new ThreadGroup("mlx");
  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(group, work, "mlx");
            thread.setDaemon(true);
            return thread;
          });

  /** Does the work and gives its result, or throws what it threw. */
  <R> R call(Mlx.Work<R> work) throws EngineException {
    if (Thread.currentThread().getThreadGroup() == group) {
      return work.run();
    }
    Future<R> future = executor.submit(work::run);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          // What MLX has begun it ends: there is no way to stop it half-way.
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static EngineException rethrown(Throwable cause) {
    if (cause instanceof MlxException failure) {
      return new EngineException.DeviceFailure(failure.getMessage(), failure);
    } else if (cause instanceof EngineException failure) {
      return failure;
    } else if (cause instanceof RuntimeException failure) {
      throw failure;
    } else if (cause instanceof Error failure) {
      throw failure;
    }
    throw new IllegalStateException(cause);
  }
}
