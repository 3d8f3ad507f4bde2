package dev.brigade.launcher.bench;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All that one run of the benchmark found.
 *
 * @param time when it began
 * @param machine where it ran
 * @param modelName what a person calls the model
 * @param model what was measured with
 * @param settings how much
 * @param outcomes one for each engine and precision
 */
public record BenchReport(
    Instant time,
    BenchMachine machine,
    String modelName,
    BenchModel model,
    BenchSettings settings,
    List<EngineOutcome> outcomes) {
  public BenchReport {
    outcomes = List.copyOf(outcomes);
  }

  /** What ran. */
  public List<EngineOutcome.Measured> measured() {
    return outcomes.stream()
        .filter(EngineOutcome.Measured.class::isInstance)
        .map(EngineOutcome.Measured.class::cast)
        .toList();
  }

  /** What did not. */
  public List<EngineOutcome.Failed> failed() {
    return outcomes.stream()
        .filter(EngineOutcome.Failed.class::isInstance)
        .map(EngineOutcome.Failed.class::cast)
        .toList();
  }

  /** What an engine was held against, if it was. */
  static Optional<EngineOutcome.Against> against(EngineOutcome.Measured measured) {
    return measured.comparison() instanceof EngineOutcome.Against against
        ? Optional.of(against)
        : Optional.empty();
  }

  /** Why it was held against nothing. */
  static Optional<String> reason(EngineOutcome.Measured measured) {
    return measured.comparison() instanceof EngineOutcome.Alone alone
        ? alone.reason()
        : Optional.empty();
  }
}
