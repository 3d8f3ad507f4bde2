package dev.brigade.spi;

import java.time.Duration;

/** Runs tasks later on a thread that must not be blocked. */
@FunctionalInterface
public interface Timer {

  /** Runs {@code task} once after {@code delay} unless it is cancelled before. */
  Scheduled schedule(Duration delay, Runnable task);

  /** A task that has not run yet. */
  @FunctionalInterface
  interface Scheduled {
    /** Makes sure that the task does not start any more; no effect once it has. */
    void cancel();
  }
}
