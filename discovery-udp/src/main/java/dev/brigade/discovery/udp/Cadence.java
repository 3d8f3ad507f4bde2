package dev.brigade.discovery.udp;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When to send: every 200 ms in the first second, so that a cluster forms quickly, then at the
 * interval; always a little off the beat, so that nodes started together do not shout together. For
 * one thread.
 */
final class Cadence {
  private static final Duration FAST = Duration.ofMillis(200);
  private static final int FAST_BEACONS = 5;
  private static final double JITTER = 0.1;
  private static final Duration GREETING = Duration.ofMillis(50);

  private final Duration interval;
  private int sent;

  Cadence(Duration interval) {
    this.interval = interval;
  }

  /** How long others may have to wait for a beacon, lost ones aside. */
  Duration interval() {
    return interval;
  }

  /** Until the beacon after the one that is sent now. */
  Duration next() {
    boolean fast = sent++ < FAST_BEACONS && FAST.compareTo(interval) < 0;
    return jittered(fast ? FAST : interval);
  }

  /** Until the next beacon when somebody new was heard, who should not have to wait. */
  Duration greeting() {
    return jittered(GREETING);
  }

  private static Duration jittered(Duration about) {
    double factor = 1 + ThreadLocalRandom.current().nextDouble(-JITTER, JITTER);
    return Duration.ofNanos((long) (about.toNanos() * factor));
  }
}
