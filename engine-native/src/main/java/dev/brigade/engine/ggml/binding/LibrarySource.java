package dev.brigade.engine.ggml.binding;

import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where ggml comes from: what the config or the environment names, else what Maven brought, else
 * what is installed in the usual places.
 */
public final class LibrarySource {
  /** Environment variable that names a file or folder. */
  public static final String VARIABLE = "BRIGADE_GGML_LIBRARY";

  private static final List<String> USUAL_PLACES =
      List.of(
          "/opt/homebrew/lib",
          "/usr/local/lib",
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu",
          "/usr/lib64",
          "/usr/lib");

  private LibrarySource() {}

  /**
   * The files to load.
   *
   * @param configured what the config names
   * @param cache where a bundled library is written to
   * @throws IllegalArgumentException if there are none there
   */
  public static LibraryFiles find(Optional<String> configured, Path cache) {
    Optional<String> named = configured.or(LibrarySource::environment);
    if (named.isPresent()) {
      return LibraryFiles.at(Path.of(named.get()));
    }
    if (bundledProblem().isEmpty()) {
      return LibraryFiles.single(
          BundledLibrary.extract(BundledLibrary.resource().orElseThrow(), cache));
    }
    return installed()
        .orElseThrow(
            () -> new IllegalArgumentException(problem(configured).orElse("no ggml was found")));
  }

  /**
   * Why there is none and what to do about it; empty if one was found. Loads nothing for good.
   *
   * @param configured what the config names
   */
  public static Optional<String> problem(Optional<String> configured) {
    Optional<String> named = configured.or(LibrarySource::environment);
    if (named.isPresent()) {
      try {
        LibraryFiles.at(Path.of(named.get()));
        return Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.of(
            configured.isPresent() ? e.getMessage() : VARIABLE + ": " + e.getMessage());
      }
    }
    return bundledProblem().isEmpty() || installed().isPresent()
        ? Optional.empty()
        : bundledProblem();
  }

  private static Optional<String> bundledProblem() {
    if (BundledLibrary.resource().isEmpty()) {
      return Optional.of(noneBundled(System.getProperty("os.name"), Platform.ARCH));
    }
    if (Platform.isLinux() && !canLoad("libgomp.so.1")) {
      return Optional.of(
          "the bundled ggml needs GNU OpenMP (libgomp.so.1): apt install libgomp1, or dnf install"
              + " libgomp");
    }
    return Optional.empty();
  }

  /** Why there is no library for a system, and how to get one. */
  static String noneBundled(String system, String processor) {
    boolean windows = system.startsWith("Windows");
    return "no ggml library for %s-%s %s: install llama.cpp (%s) and set %s or the config key library of the engine to the folder with %s"
        .formatted(
            system,
            processor,
            windows ? "comes along that can be called" : "comes along",
            windows
                ? "winget install llama.cpp, or unpack llama-…-bin-win-cpu-x64.zip of its releases"
                : "brew install llama.cpp, or its release for your system",
            VARIABLE,
            windows ? "ggml-base.dll" : System.mapLibraryName("ggml-base"));
  }

  private static boolean canLoad(String library) {
    try {
      NativeLibrary.getInstance(library).close();
      return true;
    } catch (UnsatisfiedLinkError e) {
      return false;
    }
  }

  private static Optional<String> environment() {
    return Optional.ofNullable(System.getenv(VARIABLE)).filter(value -> !value.isBlank());
  }

  private static Optional<LibraryFiles> installed() {
    Stream<Path> places = USUAL_PLACES.stream().map(Path::of);
    return places.flatMap(place -> LibraryFiles.in(place).stream()).findFirst();
  }
}
