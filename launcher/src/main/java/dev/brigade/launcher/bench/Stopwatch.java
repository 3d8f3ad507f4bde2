package dev.brigade.launcher.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.brigade.spi.engine.EngineException;
import java.lang.management.ManagementFactory;

/** Takes the time of work, by the clock and of this process's processors. */
final class Stopwatch {
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private static final double NANOS = 1e9;

  private Stopwatch() {}

  @FunctionalInterface
  interface Work {
    void run() throws EngineException;
  }

  static Timing.Sample time(Work work) throws EngineException {
    long processor = SYSTEM.getProcessCpuTime();
    long begin = System.nanoTime();
    work.run();
    long end = System.nanoTime();
    return new Timing.Sample(
        (end - begin) / NANOS, (SYSTEM.getProcessCpuTime() - processor) / NANOS);
  }
}
