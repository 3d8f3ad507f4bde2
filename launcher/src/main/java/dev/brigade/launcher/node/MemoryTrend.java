package dev.brigade.launcher.node;

import java.util.OptionalLong;

/**
 * Tells lasting changes of a machine's memory from those that pass: what two readings in a row show
 * in the same direction, by a fifth at least of what was told last.
 */
final class MemoryTrend {
  private static final double WORTH_TELLING = 0.2;

  private long told;
  private int direction;

  /**
   * @param told bytes that the others know of
   */
  MemoryTrend(long told) {
    this.told = told;
  }

  /** Takes a reading; gives the bytes to tell, if it is time to. */
  OptionalLong read(long bytes) {
    int now = Math.abs(bytes - told) < WORTH_TELLING * told ? 0 : Long.signum(bytes - told);
    boolean lasts = now != 0 && now == direction;
    direction = lasts ? 0 : now;
    if (!lasts) {
      return OptionalLong.empty();
    }
    told = bytes;
    return OptionalLong.of(bytes);
  }
}
