package dev.brigade.launcher.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.brigade.model.engine.HostResources;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Where a benchmark ran.
 *
 * @param system operating system and architecture
 * @param processor its name, as the system tells it
 * @param cores of the processor
 * @param memoryBytes in all
 * @param java version
 */
public record BenchMachine(
    String system, String processor, int cores, long memoryBytes, String java) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** This one. */
  public static BenchMachine here() {
    OperatingSystemMXBean bean =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new BenchMachine(
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        processorName(),
        HostResources.cores(),
        bean.getTotalMemorySize(),
        System.getProperty("java.runtime.version"));
  }

  private static String processorName() {
    if (!Files.isReadable(CPU_INFO)) {
      return System.getenv().getOrDefault("PROCESSOR_IDENTIFIER", System.getProperty("os.arch"));
    }
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }
}
