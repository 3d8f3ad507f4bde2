package dev.brigade.testkit;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Supplier;

/** Shows another clock's time until that is stopped. */
final class FreezableClock extends Clock {
  private final Clock running;
  private final Supplier<Optional<Instant>> frozenAt;

  FreezableClock(Clock running, Supplier<Optional<Instant>> frozenAt) {
    this.running = running;
    this.frozenAt = frozenAt;
  }

  @Override
  public ZoneId getZone() {
    return running.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return new FreezableClock(running.withZone(zone), frozenAt);
  }

  @Override
  public Instant instant() {
    return frozenAt.get().orElseGet(running::instant);
  }
}
