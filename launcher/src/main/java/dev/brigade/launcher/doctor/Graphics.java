package dev.brigade.launcher.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The GPUs of this machine that engines could use, by name. */
final class Graphics {
  private static final long PATIENCE_SECONDS = 5;
  private static final Path DRIVERS = Path.of("/proc/driver/nvidia/gpus");

  private Graphics() {}

  static List<String> here() {
    boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
    if (mac && System.getProperty("os.arch").equals("aarch64")) {
      return List.of("Apple GPU, which shares the machine's memory");
    }
    List<String> told = nvidia();
    return told.isEmpty() && Files.isDirectory(DRIVERS)
        ? List.of("NVIDIA GPU, whose driver does not answer (nvidia-smi)")
        : told;
  }

  /** What NVIDIA's own tool says; nothing if there is none, or it does not answer. */
  private static List<String> nvidia() {
    try {
      Process process =
          new ProcessBuilder(
                  "nvidia-smi",
                  "--query-gpu=name,memory.total,driver_version",
                  "--format=csv,noheader")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        process.getOutputStream().close();
        // What it prints fits into the pipe.
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
          return List.of();
        }
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }
}
