package dev.brigade.model.hub;

import dev.brigade.spi.Cancellation;
import java.time.Duration;

/** Waits, in the calling thread. */
@FunctionalInterface
interface Pause {
  /** How often a wait looks whether it has been cancelled. */
  Duration GLANCE = Duration.ofMillis(50);

  /**
   * Returns when the time is over.
   *
   * @throws HubException CANCELLED as soon as it is
   */
  void await(Duration time, Cancellation cancel) throws HubException;

  /** By the clock. */
  static Pause real() {
    return (time, cancel) -> {
      long end = System.nanoTime() + time.toNanos();
      for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
        requireWanted(cancel);
        try {
          Thread.sleep(Math.max(1, Math.min(left, GLANCE.toNanos()) / 1_000_000));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw HubException.cancelled();
        }
      }
      requireWanted(cancel);
    };
  }

  /** Throws if work is not wanted any more. */
  static void requireWanted(Cancellation cancel) throws HubException {
    if (cancel.isCancelled()) {
      throw HubException.cancelled();
    }
  }
}
