package dev.brigade.launcher.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much of the log is shown. */
public enum LogLevel {
  /** Warnings. */
  QUIET(Level.WARN, Level.WARN),
  /** One line for each event of the node that an operator would want. */
  EVENTS(Level.INFO, Level.WARN),
  /** Everything of Brigade's own, and stack traces. */
  VERBOSE(Level.DEBUG, Level.INFO);

  private final Level brigade;
  private final Level libraries;

  LogLevel(Level brigade, Level libraries) {
    this.brigade = brigade;
    this.libraries = libraries;
  }

  /** Makes this the level of the whole process. */
  public void apply() {
    logger("dev.brigade").setLevel(brigade);
    logger(Logger.ROOT_LOGGER_NAME).setLevel(libraries);
    // Warns of each connection that ends with a node that has left, which Brigade tells itself.
    logger("io.vertx.core.eventbus.impl.clustered").setLevel(Level.ERROR);
    LogLine.showStackTraces(this == VERBOSE);
  }

  private static Logger logger(String name) {
    return (Logger) LoggerFactory.getLogger(name);
  }
}
