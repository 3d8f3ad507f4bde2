package dev.brigade.testkit;

import java.text.MessageFormat;
import java.util.List;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what was logged, from any thread, in order. */
public final class LogBook {

  /**
   * One line of the log.
   *
   * @param logger name of the logger
   * @param text the message with its parameters filled in
   * @param cause what was thrown, if the line tells of it
   */
  public record Line(
      String logger, System.Logger.Level level, String text, Optional<Throwable> cause) {}

  private final List<Line> lines = new CopyOnWriteArrayList<>();

  /** All lines so far. */
  public List<Line> lines() {
    return List.copyOf(lines);
  }

  /** The texts of the lines at {@code level} or above that contain {@code part}. */
  public List<String> texts(System.Logger.Level level, String part) {
    return lines.stream()
        .filter(line -> line.level().getSeverity() >= level.getSeverity())
        .map(Line::text)
        .filter(text -> text.contains(part))
        .toList();
  }

  /** A logger that writes here, all levels enabled. */
  public System.Logger logger(String name) {
    return new System.Logger() {
      @Override
      public String getName() {
        return name;
      }

      @Override
      public boolean isLoggable(Level level) {
        return level != Level.OFF;
      }

      @Override
      public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
        lines.add(new Line(name, level, String.valueOf(message), Optional.ofNullable(thrown)));
      }

      @Override
      public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
        boolean plain = parameters == null || parameters.length == 0;
        String text = plain ? String.valueOf(format) : MessageFormat.format(format, parameters);
        lines.add(new Line(name, level, text, Optional.empty()));
      }
    };
  }
}
