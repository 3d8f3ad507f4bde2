package dev.brigade.cluster.plan;

import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.spi.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Takes several changes for one: does something once there has been no change for a while, but does
 * not wait forever where changes never cease. Owned by the loop.
 */
final class Settling {
  /** After how many quiet times it is done in spite of new changes. */
  private static final int MOST_QUIETS = 10;

  private final NodeRuntime runtime;
  private final Duration quiet;
  private final Runnable settled;
  private Optional<Timer.Scheduled> scheduled = Optional.empty();
  private Instant first = Instant.MIN;

  Settling(NodeRuntime runtime, Duration quiet, Runnable settled) {
    this.runtime = runtime;
    this.quiet = quiet;
    this.settled = settled;
  }

  /** Something has changed. */
  void changed() {
    Instant now = runtime.clock().instant();
    if (scheduled.isEmpty()) {
      first = now;
    } else if (now.isAfter(first.plus(quiet.multipliedBy(MOST_QUIETS)))) {
      return;
    }
    scheduled.ifPresent(Timer.Scheduled::cancel);
    scheduled = Optional.of(runtime.timer().schedule(quiet, this::isSettled));
  }

  private void isSettled() {
    scheduled = Optional.empty();
    settled.run();
  }

  void close() {
    scheduled.ifPresent(Timer.Scheduled::cancel);
  }
}
