package dev.brigade.cluster;

import dev.brigade.cluster.runtime.NodeRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** Waits until a node has nothing left to do, for some time at most. Owned by the loop. */
final class Drain {
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);

  private final NodeRuntime runtime;
  private final BooleanSupplier idle;
  private final Runnable then;

  /**
   * @param then run once, on the loop
   */
  Drain(NodeRuntime runtime, BooleanSupplier idle, Runnable then) {
    this.runtime = runtime;
    this.idle = idle;
    this.then = then;
  }

  void start(Duration limit) {
    look(runtime.clock().instant().plus(limit));
  }

  private void look(Instant end) {
    if (idle.getAsBoolean() || !runtime.clock().instant().isBefore(end)) {
      then.run();
    } else {
      runtime.timer().schedule(LOOK_EVERY, () -> look(end));
    }
  }
}
