package dev.brigade.discovery.udp;

import dev.brigade.spi.discovery.Announcement;
import java.time.Duration;
import java.time.Instant;

/**
 * What one datagram says.
 *
 * @param sender who sends it
 * @param sentAt the sender's time, in whole milliseconds
 * @param sequence from 1, another one for each datagram of a sender: with the sender's id the nonce
 *     by which a replay is known
 * @param interval how soon to expect the next
 */
record Beacon(Kind kind, Announcement sender, Instant sentAt, long sequence, Duration interval) {
  enum Kind {
    HERE,
    GOODBYE
  }

  Beacon {
    if (sequence < 1) {
      throw new IllegalArgumentException("sequence " + sequence + " is not positive");
    }
    if (interval.compareTo(UdpConfig.SHORTEST_INTERVAL) < 0
        || interval.compareTo(UdpConfig.LONGEST_INTERVAL) > 0) {
      throw new IllegalArgumentException("interval " + interval + " is not within 100 ms and 60 s");
    }
  }
}
