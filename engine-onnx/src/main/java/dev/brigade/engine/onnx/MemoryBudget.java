package dev.brigade.engine.onnx;

import dev.brigade.spi.engine.InsufficientMemoryException;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Counts what one engine has taken against what it may and can have. Safe for several threads. */
final class MemoryBudget {
  private final OptionalLong limit;
  private final LongSupplier free;
  private long used;

  /**
   * @param limit most bytes that the engine may take
   * @param free bytes that the machine could still give
   */
  MemoryBudget(OptionalLong limit, LongSupplier free) {
    this.limit = limit;
    this.free = free;
  }

  /** Takes all or nothing. */
  synchronized void reserve(String what, long bytes) throws InsufficientMemoryException {
    check(what, bytes);
    used += bytes;
  }

  /** Fails as {@link #reserve} would, and takes nothing. */
  synchronized void check(String what, long bytes) throws InsufficientMemoryException {
    long possible = free.getAsLong();
    long allowed = limit.isPresent() ? limit.getAsLong() - used : possible;
    long available = Math.max(0, Math.min(possible, allowed));
    if (bytes > available) {
      throw new InsufficientMemoryException(what, bytes, available);
    }
  }

  /** Gives back what was reserved. */
  synchronized void release(long bytes) {
    used -= bytes;
  }

  synchronized long used() {
    return used;
  }
}
