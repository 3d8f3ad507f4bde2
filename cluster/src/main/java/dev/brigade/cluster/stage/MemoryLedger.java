package dev.brigade.cluster.stage;

import dev.brigade.spi.engine.InsufficientMemoryException;

/** Counts what is promised against what the node may use. Owned by the loop. */
final class MemoryLedger {
  private long budgetBytes;
  private long reservedBytes;

  MemoryLedger(long budgetBytes) {
    this.budgetBytes = budgetBytes;
  }

  /** Takes memory before it is used. */
  Reservation reserve(String what, long bytes) throws InsufficientMemoryException {
    if (bytes > availableBytes()) {
      throw new InsufficientMemoryException(what, bytes, Math.max(0, availableBytes()));
    }
    reservedBytes += bytes;
    return new Reservation(bytes);
  }

  /** Changes what may be used; what has been promised stays promised, even beyond it. */
  void resize(long newBudgetBytes) {
    budgetBytes = newBudgetBytes;
  }

  /** Nothing yet, to be adjusted. */
  Reservation none() {
    return new Reservation(0);
  }

  /**
   * What has not been promised; negative if shards have turned out larger than estimated, or the
   * budget has shrunk.
   */
  long availableBytes() {
    return budgetBytes - reservedBytes;
  }

  long budgetBytes() {
    return budgetBytes;
  }

  long reservedBytes() {
    return reservedBytes;
  }

  /** Memory that is taken until it is given back. */
  final class Reservation {
    private long bytes;

    private Reservation(long bytes) {
      this.bytes = bytes;
    }

    /** Replaces an estimate by what it really is. */
    void adjust(long actualBytes) {
      reservedBytes += actualBytes - bytes;
      bytes = actualBytes;
    }

    /** Gives it back; idempotent. */
    void release() {
      adjust(0);
    }
  }
}
