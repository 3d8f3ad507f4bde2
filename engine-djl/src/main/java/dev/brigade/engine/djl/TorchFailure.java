package dev.brigade.engine.djl;

import dev.brigade.spi.engine.EngineException;
import java.util.Locale;

/** What PyTorch reports, in one line. */
final class TorchFailure {
  private static final int LONGEST = 300;

  private TorchFailure() {}

  /** PyTorch's own sentence out of a report that is mostly a trace through the script. */
  static EngineException.DeviceFailure of(ai.djl.engine.EngineException failure) {
    String report = String.valueOf(failure.getMessage());
    String sentence =
        report
            .lines()
            .filter(line -> line.startsWith("RuntimeError: "))
            .map(line -> line.substring("RuntimeError: ".length()))
            .findFirst()
            .orElseGet(() -> report.strip().lines().findFirst().orElse("no reason given"));
    String cut = sentence.length() > LONGEST ? sentence.substring(0, LONGEST) + "…" : sentence;
    return new EngineException.DeviceFailure("PyTorch: " + cut, failure);
  }

  /** Whether it says that an allocator had nothing left. */
  static boolean isOutOfMemory(EngineException.DeviceFailure failure) {
    String message = failure.getMessage().toLowerCase(Locale.ROOT);
    return message.contains("out of memory") || message.contains("not enough memory");
  }
}
