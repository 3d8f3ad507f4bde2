package dev.brigade.gateway.http;

import io.vertx.core.Vertx;
import java.time.Duration;

/** Something that happens unless it is cancelled first. */
final class Deadline {
  private final Vertx vertx;
  private final long timer;

  private Deadline(Vertx vertx, long timer) {
    this.vertx = vertx;
    this.timer = timer;
  }

  /** Runs the action on the current context after this time. */
  static Deadline in(Vertx vertx, Duration time, Runnable action) {
    return new Deadline(vertx, vertx.setTimer(time.toMillis(), fired -> action.run()));
  }

  void cancel() {
    vertx.cancelTimer(timer);
  }
}
