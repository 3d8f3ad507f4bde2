package dev.brigade.engine.djl;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/** Finds out whether there is a PyTorch for this machine, without loading it. */
final class NativeLibrary {
  private static final String VARIABLE = "PYTORCH_LIBRARY_PATH";

  private NativeLibrary() {}

  /** Why PyTorch cannot be loaded and what to do about it; empty if it can. */
  static Optional<String> problem() {
    String path = Optional.ofNullable(System.getenv(VARIABLE)).orElse(System.getProperty(VARIABLE));
    if (path != null) {
      return problem(path);
    }
    return problem(platform(), bundled());
  }

  /** Looks for the library where the variable says that it is. */
  static Optional<String> problem(String path) {
    String library = System.mapLibraryName("torch");
    for (String folder : path.split(java.io.File.pathSeparator)) {
      Path at = Path.of(folder);
      if (at.endsWith(library) ? Files.isRegularFile(at) : Files.exists(at.resolve(library))) {
        return Optional.empty();
      }
    }
    return Optional.of(
        VARIABLE
            + " is "
            + path
            + ", where there is no "
            + library
            + ": name the folder of libtorch that has it, or unset the variable");
  }

  /** Compares the platforms whose libraries are on the class path with this one. */
  static Optional<String> problem(String platform, List<String> bundled) {
    if (bundled.contains(platform)) {
      return Optional.empty();
    }
    return Optional.of(
        "no PyTorch library for "
            + platform
            + (bundled.isEmpty() ? "" : " (there is one for " + String.join(", ", bundled) + ")")
            + ": add ai.djl.pytorch:pytorch-native-cpu with classifier "
            + platform
            + " if Maven Central has it, or set "
            + VARIABLE
            + " to the folder of an installed libtorch 2.7.1");
  }

  /** This machine as DJL names it, such as {@code linux-x86_64}. */
  static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch");
    String prefix = os.startsWith("win") ? "win" : os.startsWith("mac") ? "osx" : "linux";
    return prefix + "-" + (arch.equals("amd64") ? "x86_64" : arch);
  }

  private static List<String> bundled() {
    List<String> platforms = new ArrayList<>();
    try {
      for (URL url :
          Collections.list(
              NativeLibrary.class.getClassLoader().getResources("native/lib/pytorch.properties"))) {
        Properties properties = new Properties();
        try (InputStream in = url.openStream()) {
          properties.load(in);
        }
        platforms.add(properties.getProperty("classifier", "?"));
      }
    } catch (IOException e) {
      return List.of();
    }
    return platforms;
  }
}
