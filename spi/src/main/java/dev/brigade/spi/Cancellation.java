package dev.brigade.spi;

import java.util.concurrent.atomic.AtomicBoolean;

/** Asks long work to stop. The work looks at it between chunks; it is never interrupted. */
@FunctionalInterface
public interface Cancellation {

  /** Whether the work should end as soon as it can; once true, it stays true. */
  boolean isCancelled();

  /** Never cancelled. */
  static Cancellation none() {
    return () -> false;
  }

  /** A cancellation that its owner triggers, from any thread. */
  final class Source implements Cancellation {
    private final AtomicBoolean cancelled = new AtomicBoolean();

    /** Asks the work to stop; idempotent. */
    public void cancel() {
      cancelled.set(true);
    }

    @Override
    public boolean isCancelled() {
      return cancelled.get();
    }
  }
}
