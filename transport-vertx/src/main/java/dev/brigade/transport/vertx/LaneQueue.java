package dev.brigade.transport.vertx;

import java.util.ArrayDeque;
import java.util.Deque;

/** What waits on one lane of a link, and what of it was sent but not taken yet. */
final class LaneQueue {
  /**
   * Bytes that may be under way: what a gigabit link needs, and little enough that a frame of
   * another lane behind it is not held up for more than some milliseconds.
   */
  static final int WINDOW_BYTES = 1024 * 1024;

  private final Deque<Outgoing> waiting = new ArrayDeque<>();
  private final Deque<Integer> underWay = new ArrayDeque<>();
  private long sent;
  private long taken;
  private long bytesUnderWay;

  void add(Outgoing outgoing) {
    waiting.add(outgoing);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  Outgoing first() {
    return waiting.element();
  }

  void removeFirst() {
    waiting.remove();
  }

  boolean hasCredit() {
    return bytesUnderWay < WINDOW_BYTES;
  }

  long nextSequence() {
    return sent + 1;
  }

  long lastSequence() {
    return sent;
  }

  void sent(int bytes) {
    sent++;
    underWay.add(bytes);
    bytesUnderWay += bytes;
  }

  /** The receiver has taken every frame up to {@code sequence}; less than before says nothing. */
  void taken(long sequence) {
    while (taken < sequence && taken < sent) {
      taken++;
      bytesUnderWay -= underWay.remove();
    }
  }
}
