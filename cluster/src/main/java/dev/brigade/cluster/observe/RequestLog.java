package dev.brigade.cluster.observe;

import java.util.Locale;

/**
 * The story of each request, one line for each thing that happens to it, on its entry and on every
 * stage: all lines of one request have its id, so that the logs of several nodes can be put
 * together. Nothing per token. Safe for use by several threads.
 */
public final class RequestLog {
  /** All lines come by this logger, each as {@link LogFields}. */
  public static final String LOGGER = "dev.brigade.cluster.request";

  private static final System.Logger LOG = System.getLogger(LOGGER);

  private final String node;

  /**
   * @param node name of the node that writes
   */
  public RequestLog(String node) {
    this.node = node;
  }

  /** A constant as it is written in logs. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Something that belongs to a request's life. */
  public void info(String request, String event, LogFields more) {
    log(System.Logger.Level.INFO, request, event, more);
  }

  /** Something that went wrong, if only for a moment. */
  public void warning(String request, String event, LogFields more) {
    log(System.Logger.Level.WARNING, request, event, more);
  }

  private void log(System.Logger.Level level, String request, String event, LogFields more) {
    LogFields who =
        LogFields.none().with("request", request).with("node", node).with("event", event);
    LOG.log(level, who.with(more).toString());
  }
}
