package dev.brigade.model.engine;

import dev.brigade.spi.engine.InsufficientMemoryException;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** Counts what one engine has taken against what it may and can have. Safe for several threads. */
public final class MemoryBudget {
  private final OptionalLong limit;
  private final LongSupplier free;
  private long used;

  /**
   * @param limit most bytes that the engine may take
   * @param free bytes that the device could still give
   */
  public MemoryBudget(OptionalLong limit, LongSupplier free) {
    this.limit = limit;
    this.free = free;
  }

  /**
   * Takes all or nothing.
   *
   * @param what needs the memory, for a person to read
   */
  public synchronized void reserve(String what, long bytes) throws InsufficientMemoryException {
    check(what, bytes);
    used += bytes;
  }

  /** Fails as {@link #reserve} would, and takes nothing. */
  public synchronized void check(String what, long bytes) throws InsufficientMemoryException {
    long available = available();
    if (bytes > available) {
      throw new InsufficientMemoryException(what, bytes, available);
    }
  }

  /**
   * Notes bytes that were taken without asking, such as scratch that a pass could not do without.
   */
  public synchronized void note(long bytes) {
    used += bytes;
  }

  /** Gives back what was reserved or noted. */
  public synchronized void release(long bytes) {
    used -= bytes;
  }

  /** Bytes taken. */
  public synchronized long used() {
    return used;
  }

  /** Bytes that can still be taken. */
  public synchronized long available() {
    long possible = free.getAsLong();
    long allowed = limit.isPresent() ? limit.getAsLong() - used : possible;
    return Math.max(0, Math.min(possible, allowed));
  }
}
