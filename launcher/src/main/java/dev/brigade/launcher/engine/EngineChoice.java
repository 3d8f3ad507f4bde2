package dev.brigade.launcher.engine;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An engine and why it was taken.
 *
 * @param reason one line with the figures, for the log
 */
public record EngineChoice(String engine, String reason) {
  /**
   * The engine that is at home on a kind of machine stays the choice unless another one is this
   * much faster: a short measurement of a small model is a hint, not a verdict.
   */
  private static final double CLEARLY_FASTER = 1.25;

  /**
   * Chooses. One that computes on a GPU comes before those that do not, since a small model hides
   * what it is good for; among equals the first counts, if none is clearly faster.
   *
   * @param trials in order of preference
   * @return empty if none ran
   */
  public static Optional<EngineChoice> of(List<EngineTrial> trials) {
    List<EngineTrial.Ran> ran = ran(trials);
    boolean gpu = ran.stream().anyMatch(EngineTrial.Ran::onGpu);
    List<EngineTrial.Ran> equals = ran.stream().filter(trial -> trial.onGpu() == gpu).toList();
    Optional<EngineTrial.Ran> fastest =
        equals.stream().min(Comparator.comparingDouble(EngineTrial.Ran::seconds));
    if (fastest.isEmpty()) {
      return Optional.empty();
    }
    EngineTrial.Ran preferred = equals.get(0);
    double factor = preferred.seconds() / fastest.get().seconds();
    boolean clearly = factor > CLEARLY_FASTER;
    EngineTrial.Ran chosen = clearly ? fastest.get() : preferred;
    String why =
        clearly
            ? String.format(
                Locale.ROOT, "%.1f times as fast as %s here", factor, preferred.engine())
            : gpu && equals.size() < ran.size()
                ? "the first choice of those that compute on a GPU"
                : "the first choice on such a machine, and none is clearly faster";
    return Optional.of(
        new EngineChoice(chosen.engine(), "%s (%s)".formatted(why, figures(trials))));
  }

  private static List<EngineTrial.Ran> ran(List<EngineTrial> trials) {
    return trials.stream()
        .filter(EngineTrial.Ran.class::isInstance)
        .map(EngineTrial.Ran.class::cast)
        .toList();
  }

  /** What was measured, and why others were passed over. */
  static String figures(List<EngineTrial> trials) {
    return trials.stream().map(EngineChoice::figures).collect(Collectors.joining("; "));
  }

  private static String figures(EngineTrial trial) {
    if (trial instanceof EngineTrial.Ran ran) {
      return String.format(
          Locale.ROOT,
          "%s %s on %s: prefill %.0f tokens/s, decode %.1f",
          ran.engine(),
          ran.precision(),
          ran.device(),
          ran.prefill(),
          ran.decode());
    }
    return trial.engine() + " passed over: " + ((EngineTrial.Failed) trial).reason();
  }
}
