package dev.brigade.engine.onnx;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** What this machine has left. */
final class Machine {
  private static final Path MEMORY = Path.of("/proc/meminfo");
  private static final Path CPUS = Path.of("/sys/devices/system/cpu");

  private Machine() {}

  /** Bytes that can still be had. */
  static long freeMemory() {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    // Free memory proper says little where the file cache takes what is left.
    return linuxAvailable(system.getTotalMemorySize());
  }

  private static long linuxAvailable(long otherwise) {
    if (!Files.isReadable(MEMORY)) {
      return otherwise;
    }
    try (Stream<String> lines = Files.lines(MEMORY)) {
      return lines
          .filter(line -> line.startsWith("MemAvailable:"))
          .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise;
    }
  }

  /**
   * Processor cores, at least 1: threads that share a core get in each other's way when they
   * multiply matrices.
   */
  static int cores() {
    int processors = Runtime.getRuntime().availableProcessors();
    if (System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("win")) {
      return Math.max(1, processors / 2);
    }
    return Math.max(1, Math.min(processors, linuxCores(processors)));
  }

  private static int linuxCores(int otherwise) {
    if (!Files.isDirectory(CPUS)) {
      return otherwise;
    }
    try (Stream<Path> cpus = Files.list(CPUS)) {
      long cores =
          cpus.map(cpu -> cpu.resolve("topology/thread_siblings_list"))
              .filter(Files::isReadable)
              .map(Machine::text)
              .distinct()
              .count();
      return cores == 0 ? otherwise : Math.toIntExact(cores);
    } catch (IOException e) {
      return otherwise;
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return file.toString();
    }
  }
}
