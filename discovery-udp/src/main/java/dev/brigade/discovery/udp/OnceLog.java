package dev.brigade.discovery.udp;

import java.util.HashSet;
import java.util.Set;

/**
 * Says each thing once. Who can send packets can invent things to say, so after {@link #CAPACITY}
 * of them it says that it stops, and stops. For one thread.
 */
final class OnceLog {
  static final int CAPACITY = 256;
  private final System.Logger logger;
  private final Set<String> said = new HashSet<>();

  OnceLog(System.Logger logger) {
    this.logger = logger;
  }

  /** Logs {@code text} unless something was logged for {@code key} before. */
  void log(System.Logger.Level level, String key, String text) {
    if (said.size() >= CAPACITY || !said.add(key)) {
      return;
    }
    logger.log(level, text);
    if (said.size() == CAPACITY) {
      logger.log(
          System.Logger.Level.WARNING,
          "udp discovery has logged " + CAPACITY + " such lines and logs no further ones");
    }
  }
}
