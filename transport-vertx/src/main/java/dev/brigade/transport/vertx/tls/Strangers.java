package dev.brigade.transport.vertx.tls;

import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tells of those who are no members: one line for each address, again after ten minutes. */
final class Strangers {
  private static final Duration AGAIN_AFTER = Duration.ofMinutes(10);

  /** Of more addresses than these the oldest is forgotten. */
  private static final int MOST_ADDRESSES = 1024;

  private final System.Logger logger;
  private final Clock clock;
  private final Map<InetAddress, Instant> told = new LinkedHashMap<>();

  Strangers(System.Logger logger, Clock clock) {
    this.logger = logger;
    this.clock = clock;
  }

  /** Someone at {@code address} was refused because of {@code reason}. */
  void refused(InetAddress address, String reason) {
    if (due(address)) {
      logger.log(System.Logger.Level.WARNING, "refused {0}: {1}", address.getHostAddress(), reason);
    }
  }

  private synchronized boolean due(InetAddress address) {
    Instant now = clock.instant();
    Instant last = told.get(address);
    if (last != null && Duration.between(last, now).compareTo(AGAIN_AFTER) < 0) {
      return false;
    }
    told.remove(address);
    told.put(address, now);
    if (told.size() > MOST_ADDRESSES) {
      told.remove(told.keySet().iterator().next());
    }
    return true;
  }
}
