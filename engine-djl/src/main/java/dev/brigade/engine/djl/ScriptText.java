package dev.brigade.engine.djl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.stream.Collectors;

/** How Java values are spelled in TorchScript, and the parts of scripts that never change. */
final class ScriptText {
  private ScriptText() {}

  /** A float literal that reads back as the same double. */
  static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    return Double.toString(value);
  }

  static String flag(boolean value) {
    return value ? "True" : "False";
  }

  static String call(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  /**
   * A text that lies beside this class. Lines that are comments are left out: the archive's parser
   * does not want them between methods.
   */
  static String resource(String name) {
    try (InputStream in = ScriptText.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar of engine djl lacks its resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.stripLeading().startsWith("#"))
          .collect(Collectors.joining("\n", "", "\n"));
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + name, e);
    }
  }
}
