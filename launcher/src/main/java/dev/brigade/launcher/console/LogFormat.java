package dev.brigade.launcher.console;

/** How a line of the log looks. */
public enum LogFormat {
  /** Time, level, topic, message. */
  TEXT,
  /** One JSON object a line. */
  JSON;

  /** Makes this the format of the whole process. */
  public void apply() {
    LogLayout.use(this);
  }
}
