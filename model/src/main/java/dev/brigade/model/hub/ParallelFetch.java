package dev.brigade.model.hub;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Does a few transfers at once, and tells from the calling thread how far they are. The first
 * failure ends all of them.
 */
final class ParallelFetch {
  /** More hardly makes it faster, and other downloads on this line want a share. */
  private static final int AT_ONCE = 4;

  private final Consumer<Progress> listener;
  private final Cancellation cancel;

  ParallelFetch(Consumer<Progress> listener, Cancellation cancel) {
    this.listener = listener;
    this.cancel = cancel;
  }

  /** Something done for one file. */
  @FunctionalInterface
  interface Work<T, R> {
    /**
     * Does it.
     *
     * @param present to be told how many bytes are there
     */
    R on(T item, LongConsumer present, Cancellation cancel) throws HubException;
  }

  /**
   * The results, in the order of the items.
   *
   * @param activity for the listener
   * @param totalBytes of all items; 0 if unknown
   */
  <T, R> List<R> each(String activity, List<T> items, long totalBytes, Work<T, R> work)
      throws HubException {
    Cancellation.Source failed = new Cancellation.Source();
    Cancellation either = () -> cancel.isCancelled() || failed.isCancelled();
    AtomicLongArray present = new AtomicLongArray(items.size());
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, ParallelFetch::thread);
    try {
      List<Future<R>> futures = new ArrayList<>();
      for (int i = 0; i < items.size(); i++) {
        int index = i;
        futures.add(
            threads.submit(
                () -> {
                  try {
                    return work.on(items.get(index), n -> present.set(index, n), either);
                  } catch (HubException | RuntimeException | Error e) {
                    failed.cancel();
                    throw e;
                  }
                }));
      }
      return await(futures, () -> tell(activity, present, totalBytes));
    } finally {
      failed.cancel();
      threads.shutdown();
    }
  }

  private <R> List<R> await(List<Future<R>> futures, Runnable meanwhile) throws HubException {
    List<R> results = new ArrayList<>();
    HubException failure = null;
    for (Future<R> future : futures) {
      try {
        results.add(await(future, meanwhile));
      } catch (HubException e) {
        // What the others say when they are cancelled for it is not the cause.
        boolean isCause = failure == null || failure.kind() == HubException.Kind.CANCELLED;
        failure = isCause ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  private static <R> R await(Future<R> future, Runnable meanwhile) throws HubException {
    while (true) {
      try {
        R result = future.get(Pause.GLANCE.toMillis(), TimeUnit.MILLISECONDS);
        meanwhile.run();
        return result;
      } catch (TimeoutException e) {
        meanwhile.run();
      } catch (ExecutionException e) {
        throw asHubException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw HubException.cancelled();
      }
    }
  }

  private static HubException asHubException(Throwable cause) {
    if (cause instanceof HubException known) {
      return known;
    } else if (cause instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) cause;
  }

  private void tell(String activity, AtomicLongArray present, long total) {
    long done = 0;
    for (int i = 0; i < present.length(); i++) {
      done += present.get(i);
    }
    listener.accept(new Progress(activity, total > 0 ? Math.min(done, total) : done, total));
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "brigade-hub");
    thread.setDaemon(true);
    return thread;
  }
}
