package dev.brigade.launcher.host;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The folder that Brigade was unpacked or built into: {@code lib/}, {@code bundled/}. */
public final class Distribution {
  private Distribution() {}

  /** The folder; empty if this process does not run from one. */
  public static Optional<Path> home() {
    return Optional.ofNullable(System.getProperty("brigade.home"))
        .map(Path::of)
        .or(Distribution::aboveThisJar)
        .filter(home -> Files.isDirectory(home.resolve("bundled")))
        .map(Path::toAbsolutePath);
  }

  private static Optional<Path> aboveThisJar() {
    try {
      Path jar =
          Path.of(Distribution.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Optional.ofNullable(jar.getParent()).map(Path::getParent);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
