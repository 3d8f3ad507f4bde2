package dev.brigade.discovery.udp;

/**
 * Lets each sequence number of a sender pass once, and those pass that overtook each other by less
 * than 64 (the anti-replay window of RFC 4303, section 3.4.3).
 */
final class ReplayWindow {
  private static final int SIZE = Long.SIZE;
  private long highest;
  private long seen; // bit i: highest - i has passed

  /** Whether {@code sequence}, a positive number, may pass; it may not again. */
  boolean accept(long sequence) {
    if (sequence > highest) {
      long ahead = sequence - highest;
      seen = ahead >= SIZE ? 1 : seen << ahead | 1;
      highest = sequence;
      return true;
    }
    long behind = highest - sequence;
    if (behind >= SIZE || (seen & 1L << behind) != 0) {
      return false;
    }
    seen |= 1L << behind;
    return true;
  }
}
