package dev.brigade.launcher.console;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** An event of the log as one line: time, level, topic, message, and why. */
final class LogLine extends LayoutBase<ILoggingEvent> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneId.systemDefault());
  private static volatile boolean stackTraces;

  static void showStackTraces(boolean show) {
    stackTraces = show;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(120);
    line.append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
    line.append(' ').append(event.getLevel()).append(' ');
    String logger = event.getLoggerName();
    line.append(logger.substring(logger.lastIndexOf('.') + 1)).append(": ");
    line.append(event.getFormattedMessage());
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      line.append(": ").append(thrown.getClassName()).append(": ").append(thrown.getMessage());
      if (stackTraces) {
        line.append('\n').append(ThrowableProxyUtil.asString(thrown));
      }
    }
    return line.append('\n').toString();
  }
}
