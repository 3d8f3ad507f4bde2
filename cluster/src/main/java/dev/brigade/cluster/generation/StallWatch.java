package dev.brigade.cluster.generation;

import dev.brigade.spi.Timer;
import java.time.Duration;
import java.util.Optional;

/** Notices when a request does not move any more. Owned by the loop. */
final class StallWatch {
  private final Timer timer;
  private final Duration limit;
  private Optional<Timer.Scheduled> running = Optional.empty();

  StallWatch(Timer timer, Duration limit) {
    this.timer = timer;
    this.limit = limit;
  }

  /** It has moved; if it does not do so again in time, that is told. */
  void moved(Runnable stalled) {
    stop();
    running = Optional.of(timer.schedule(limit, stalled));
  }

  void stop() {
    running.ifPresent(Timer.Scheduled::cancel);
    running = Optional.empty();
  }

  Duration limit() {
    return limit;
  }
}
