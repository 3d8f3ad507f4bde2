package dev.brigade.engine.mlx.binding;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of MLX. */
public record MlxVersion(int major, int minor, String text) {
  private static final Pattern START = Pattern.compile("(\\d+)\\.(\\d+).*");

  // From 0.31 on, quantising takes a global scale; earlier, the same names take fewer arguments.
  private static final int FIRST_MINOR = 31;

  static MlxVersion parse(String text) {
    Matcher matcher = START.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("MLX says that it is of version '" + text + "'");
    }
    return new MlxVersion(
        Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), text.strip());
  }

  /** Throws {@link IllegalArgumentException} if its functions may not be what is called here. */
  void require(Path file) {
    if (major == 0 && minor < FIRST_MINOR) {
      throw new IllegalArgumentException(
          "%s is MLX %s; 0.%d or later is needed: brew upgrade mlx-c"
              .formatted(file, text, FIRST_MINOR));
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
