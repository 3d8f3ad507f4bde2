package dev.brigade.transport.vertx;

import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.TransportException.Refused;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds what one node may owe answers to, per lane. Thread-safe. */
final class Budget {
  /** Most unanswered messages. */
  static final int MESSAGES = 1024;

  private final long maxBytes;
  private final AtomicInteger messages = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  Budget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Takes one message's share.
   *
   * @throws Refused if it is more than is left
   */
  void take(String node, Lane lane, long messageBytes) throws Refused {
    int count = messages.incrementAndGet();
    long sum = bytes.addAndGet(messageBytes);
    if (count > MESSAGES || sum > maxBytes) {
      giveBack(messageBytes);
      throw new Refused(
          "too much is unanswered by node "
              + node
              + " on lane "
              + lane
              + ": "
              + count
              + " messages (at most "
              + MESSAGES
              + ") with "
              + sum
              + " bytes (at most "
              + maxBytes
              + ")");
    }
  }

  void giveBack(long messageBytes) {
    messages.decrementAndGet();
    bytes.addAndGet(-messageBytes);
  }
}
