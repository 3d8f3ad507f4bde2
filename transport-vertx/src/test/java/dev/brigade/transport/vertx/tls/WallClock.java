package dev.brigade.transport.vertx.tls;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A machine's clock, which goes right or wrong by as much as a test says. */
public final class WallClock extends Clock {
  private final Instant start = Instant.now();
  private volatile Duration fast = Duration.ZERO;

  /** Sets it that much before or, if negative, behind the time at which it was made. */
  public WallClock set(Duration ahead) {
    fast = ahead;
    return this;
  }

  @Override
  public Instant instant() {
    return start.plus(fast);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("only instants are asked for here");
  }
}
