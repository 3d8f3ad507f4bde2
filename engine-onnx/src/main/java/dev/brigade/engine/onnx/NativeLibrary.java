package dev.brigade.engine.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Finds out whether there is an ONNX Runtime for this machine, without loading it. */
final class NativeLibrary {
  private static final String PATH_PROPERTY = "onnxruntime.native.path";

  /**
   * ONNX Runtime 1.29 reads this file and, beyond 4 KiB, ends the process by a segmentation fault.
   */
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  private static final int LONGEST_COMMAND_LINE = 3900;

  private NativeLibrary() {}

  /** Why ONNX Runtime cannot be loaded and what to do about it; empty if it can. */
  static Optional<String> problem() {
    return commandLineProblem(COMMAND_LINE).or(NativeLibrary::libraryProblem);
  }

  static Optional<String> commandLineProblem(Path commandLine) {
    int bytes = 0;
    try {
      bytes = Files.exists(commandLine) ? Files.readAllBytes(commandLine).length : 0;
    } catch (IOException e) {
      return Optional.empty(); // nothing is known against it
    }
    return bytes <= LONGEST_COMMAND_LINE
        ? Optional.empty()
        : Optional.of(
            ("the command line of this process has %d bytes, beyond %d ONNX Runtime crashes; give the"
                    + " class path by the environment variable CLASSPATH or by an @file")
                .formatted(bytes, LONGEST_COMMAND_LINE));
  }

  private static Optional<String> libraryProblem() {
    return problem(
        platform(System.getProperty("os.name"), System.getProperty("os.arch")),
        Optional.ofNullable(System.getProperty(PATH_PROPERTY)));
  }

  /**
   * @param platform as the jar names it
   * @param path of libraries to use instead of the jar's
   */
  static Optional<String> problem(String platform, Optional<String> path) {
    String library = System.mapLibraryName("onnxruntime");
    if (path.isPresent()) {
      return Files.exists(Path.of(path.get()).resolve(library))
          ? Optional.empty()
          : Optional.of(
              "%s is %s, where there is no %s: name the folder that has it, or leave it out"
                  .formatted(PATH_PROPERTY, path.get(), library));
    }
    String resource = "/ai/onnxruntime/native/" + platform + "/" + library;
    if (NativeLibrary.class.getResource(resource) != null) {
      return Optional.empty();
    }
    return Optional.of(
        ("no ONNX Runtime library for %s is on the class path; install ONNX Runtime with its Java"
                + " binding and set the system property %s to its folder")
            .formatted(platform, PATH_PROPERTY));
  }

  /** A machine as ONNX Runtime's jar names it, such as {@code linux-x64}. */
  static String platform(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    String prefix = os.startsWith("win") ? "win" : os.startsWith("mac") ? "osx" : "linux";
    return prefix
        + "-"
        + switch (osArch.toLowerCase(Locale.ROOT)) {
          case "amd64", "x86_64" -> "x64";
          case "arm64", "aarch64" -> "aarch64";
          default -> osArch;
        };
  }
}
