package dev.brigade.launcher.host;

import dev.brigade.spi.transport.Machine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What this machine is called and how much memory a node may take here. */
public final class MachineMemory {
  private static final long MIB = 1L << 20;
  private static final long LEAST_RESERVE = 512 * MIB;

  private MachineMemory() {}

  /**
   * Memory for a node, in bytes.
   *
   * @param limit what the config allows; else what is free, less a reserve of a tenth, 512 MiB at
   *     least (but never more than half)
   */
  public static long budget(Optional<Long> limit) {
    return limit.orElseGet(() -> lessReserve(free()));
  }

  /** What {@link #budget} would be without a limit if this process held nothing yet, in bytes. */
  public static long reachable() {
    return lessReserve(free() + held());
  }

  private static long lessReserve(long free) {
    return free - Math.min(free / 2, Math.max(LEAST_RESERVE, free / 10));
  }

  /** Memory of this process that is no file's. */
  private static long held() {
    return kibibytes(Path.of("/proc/self/status"), "RssAnon:").orElse(0);
  }

  /** This machine; nodes of one machine tell the same id. */
  public static Machine machine(long memoryBytes) {
    return new Machine(id(), memoryBytes);
  }

  /** The machine's name, as people know it. */
  public static String name() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "node";
    }
  }

  private static String id() {
    // Containers on one machine have names of their own but share its memory, and this.
    return firstLine(Path.of("/proc/sys/kernel/random/boot_id")).orElseGet(MachineMemory::name);
  }

  private static long free() {
    OptionalLong available = kibibytes(Path.of("/proc/meminfo"), "MemAvailable:");
    if (available.isPresent()) {
      return Math.min(available.getAsLong(), containerFree().orElse(Long.MAX_VALUE));
    }
    var system =
        (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    // What macOS and Windows call free leaves out what they would give back at once.
    return Math.max(system.getFreeMemorySize(), system.getTotalMemorySize() / 2);
  }

  private static OptionalLong kibibytes(Path file, String name) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong containerFree() {
    Path cgroup = Path.of("/sys/fs/cgroup");
    OptionalLong unified =
        difference(cgroup.resolve("memory.max"), cgroup.resolve("memory.current"));
    return unified.isPresent()
        ? unified
        : difference(
            cgroup.resolve("memory/memory.limit_in_bytes"),
            cgroup.resolve("memory/memory.usage_in_bytes"));
  }

  private static OptionalLong difference(Path limit, Path used) {
    Optional<String> most = firstLine(limit).filter(text -> text.matches("[0-9]{1,18}"));
    Optional<String> now = firstLine(used).filter(text -> text.matches("[0-9]{1,18}"));
    if (most.isEmpty() || now.isEmpty()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Math.max(0, Long.parseLong(most.get()) - Long.parseLong(now.get())));
  }

  private static Optional<String> firstLine(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.findFirst().map(String::strip).filter(line -> !line.isEmpty());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
