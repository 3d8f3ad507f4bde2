package dev.brigade.testkit.reference;

import dev.brigade.spi.engine.InsufficientMemoryException;

/** Bytes that may be taken, and are given back. Safe for use by several threads. */
final class MemoryBudget {
  private final long limit;
  private long taken;

  MemoryBudget(long limit) {
    this.limit = limit;
  }

  /** Takes bytes or nothing. */
  synchronized void take(String what, long bytes) throws InsufficientMemoryException {
    if (bytes > limit - taken) {
      throw new InsufficientMemoryException(what, bytes, limit - taken);
    }
    taken += bytes;
  }

  synchronized void giveBack(long bytes) {
    taken -= bytes;
  }
}
