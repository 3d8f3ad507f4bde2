package dev.brigade.launcher.config;

/** A mistake in the config; the message names file, key, value and what is allowed. */
public final class ConfigException extends Exception {

  /**
   * @param file the file, as the user knows it
   * @param problem key path and what is wrong there
   */
  public ConfigException(String file, String problem) {
    super(file + ": " + problem);
  }
}
