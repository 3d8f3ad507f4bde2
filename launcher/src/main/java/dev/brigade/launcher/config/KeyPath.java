package dev.brigade.launcher.config;

/**
 * Where something stands in the file, as a person would say it: {@code discovery[1].peers}.
 *
 * @param text empty for the whole file
 */
public record KeyPath(String text) {
  /** The whole file. */
  public static final KeyPath ROOT = new KeyPath("");

  /** A key below this. */
  public KeyPath key(String name) {
    return new KeyPath(text.isEmpty() ? name : text + "." + name);
  }

  /** An element of the list that is here. */
  public KeyPath index(int index) {
    return new KeyPath(text + "[" + index + "]");
  }

  @Override
  public String toString() {
    return text.isEmpty() ? "the file" : text;
  }
}
