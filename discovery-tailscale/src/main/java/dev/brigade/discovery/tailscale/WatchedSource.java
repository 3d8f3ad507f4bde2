package dev.brigade.discovery.tailscale;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A source with its last answer. One that does not answer for a moment takes no candidates with it:
 * the last answer counts until the third failure in a row. Each new reason is logged once. For one
 * thread.
 */
final class WatchedSource {
  private static final int FORGIVEN_FAILURES = 2;

  private final TailnetSource source;
  private final Duration period;
  private final Clock clock;
  private final System.Logger logger;
  private Instant due = Instant.MIN;
  private Tailnet last = Tailnet.EMPTY;
  private Optional<String> reason = Optional.empty();
  private int failures;

  /**
   * @param period for which an answer counts without another question
   */
  WatchedSource(TailnetSource source, Duration period, Clock clock, System.Logger logger) {
    this.source = source;
    this.period = period;
    this.clock = clock;
    this.logger = logger;
  }

  Tailnet latest() throws InterruptedException {
    Instant now = clock.instant();
    if (now.isBefore(due)) {
      return last;
    }
    due = now.plus(period);
    try {
      last = source.ask();
      failures = 0;
      if (reason.isPresent()) {
        logger.log(INFO, "tailscale discovery goes on: " + last.devices().size() + " machines");
        reason = Optional.empty();
      }
    } catch (TailscaleTrouble e) {
      failures++;
      if (e.isCertain() || failures > FORGIVEN_FAILURES) {
        last = Tailnet.EMPTY;
      }
      tell(e.getMessage());
    }
    return last;
  }

  private void tell(String message) {
    if (!reason.equals(Optional.of(message))) {
      reason = Optional.of(message);
      logger.log(WARNING, "tailscale discovery finds nobody for now and tries again: " + message);
    }
  }
}
