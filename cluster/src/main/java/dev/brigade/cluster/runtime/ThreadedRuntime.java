package dev.brigade.cluster.runtime;

import dev.brigade.spi.Timer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Real threads and real time. What comes after {@link #close} is dropped. */
public final class ThreadedRuntime implements NodeRuntime, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ThreadedRuntime.class.getName());
  private static final long CLOSE_SECONDS = 10;

  private final ScheduledThreadPoolExecutor loop;
  private final ExecutorService engine;
  private final ExecutorService background;
  private final Executor guardedLoop;
  private final Executor guardedEngine;
  private final Executor guardedBackground;
  private final RandomGenerator random = new SecureRandom();

  /**
   * @param name goes into the names of the threads
   */
  public ThreadedRuntime(String name) {
    loop = new ScheduledThreadPoolExecutor(1, threads(name + "-loop"));
    loop.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    loop.setRemoveOnCancelPolicy(true);
    engine = Executors.newSingleThreadExecutor(threads(name + "-engine"));
    background = Executors.newCachedThreadPool(threads(name + "-background"));
    guardedLoop = guarded(loop);
    guardedEngine = guarded(engine);
    guardedBackground = guarded(background);
  }

  private static ThreadFactory threads(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private static Executor guarded(Executor executor) {
    return task -> {
      try {
        executor.execute(() -> runLogged(task));
      } catch (RejectedExecutionException e) {
        LOG.log(System.Logger.Level.DEBUG, "dropped a task that came after close");
      }
    };
  }

  private static void runLogged(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      LOG.log(System.Logger.Level.ERROR, "a task failed; this is a defect", e);
    }
  }

  @Override
  public Executor loop() {
    return guardedLoop;
  }

  @Override
  public Executor engine() {
    return guardedEngine;
  }

  @Override
  public Executor background() {
    return guardedBackground;
  }

  @Override
  public Timer timer() {
    return (delay, task) -> {
      try {
        Future<?> scheduled =
            loop.schedule(() -> runLogged(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
      } catch (RejectedExecutionException e) {
        return () -> {};
      }
    };
  }

  @Override
  public Clock clock() {
    return Clock.systemUTC();
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  /** Lets what has been submitted end, for some seconds at most. */
  @Override
  public void close() {
    for (ExecutorService executor : List.of(loop, background, engine)) {
      executor.shutdown();
      try {
        if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
          executor.shutdownNow();
        }
      } catch (InterruptedException e) {
        executor.shutdownNow();
        Thread.currentThread().interrupt();
      }
    }
  }
}
