package dev.brigade.launcher.doctor;

import dev.brigade.launcher.bench.BenchMachine;
import dev.brigade.launcher.doctor.Finding.Area;
import dev.brigade.launcher.host.MachineMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Looks at processor, memory, GPU and Java. */
final class MachineExamination {
  private static final double GIB = 1 << 30;
  private static final long LEAST_MEMORY = 256L << 20;

  private MachineExamination() {}

  /**
   * @param limit of memory, as the config has it
   */
  static List<Finding> findings(Optional<Long> limit, List<String> gpus) {
    BenchMachine machine = BenchMachine.here();
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok(
            Area.MACHINE, "system", machine.system() + ", " + System.getProperty("os.version")));
    findings.add(
        Finding.ok(Area.MACHINE, "processor", machine.cores() + " cores, " + machine.processor()));
    findings.add(memory(machine.memoryBytes(), MachineMemory.budget(limit)));
    findings.add(
        gpus.isEmpty()
            ? Finding.note(Area.MACHINE, "gpu", "none found; engines compute on the processor")
            : Finding.ok(Area.MACHINE, "gpu", String.join("; ", gpus)));
    findings.add(
        Finding.ok(Area.MACHINE, "java", machine.java() + ", " + System.getProperty("java.home")));
    return findings;
  }

  private static Finding memory(long all, long budget) {
    String text =
        String.format(
            Locale.ROOT, "%.1f GiB, of which a node may use %.1f GiB", all / GIB, budget / GIB);
    return budget >= LEAST_MEMORY
        ? Finding.ok(Area.MACHINE, "memory", text)
        : Finding.problem(
            Area.MACHINE, "memory", text, "end other programs, or raise memory.limit");
  }
}
