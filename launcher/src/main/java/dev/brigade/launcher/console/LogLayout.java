package dev.brigade.launcher.console;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.LayoutBase;

/** Writes events of the log in the process's format. */
final class LogLayout extends LayoutBase<ILoggingEvent> {
  private static volatile LogFormat format = LogFormat.TEXT;

  private final LogLine text = new LogLine();
  private final JsonLogLine json = new JsonLogLine();

  static void use(LogFormat chosen) {
    format = chosen;
  }

  @Override
  public String doLayout(ILoggingEvent event) {
    return switch (format) {
      case TEXT -> text.doLayout(event);
      case JSON -> json.doLayout(event);
    };
  }
}
