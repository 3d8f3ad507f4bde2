package dev.brigade.launcher.bench;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The same tokens computed several times.
 *
 * @param tokens of each sample
 * @param samples at least one
 */
public record Timing(int tokens, List<Sample> samples) {
  private static final double LEAST_PROCESSOR_SECONDS = 0.2;

  public Timing {
    samples = List.copyOf(samples);
    if (tokens < 1 || samples.isEmpty()) {
      throw new IllegalArgumentException(
          "timing of %d tokens in %d samples: want at least one of each"
              .formatted(tokens, samples.size()));
    }
  }

  /**
   * One run.
   *
   * @param seconds by the clock
   * @param processorSeconds of all threads of this process, which other processes disturb less
   */
  public record Sample(double seconds, double processorSeconds) {}

  /** Tokens per second. */
  public Spread tokensPerSecond() {
    return Spread.of(samples.stream().mapToDouble(s -> tokens / s.seconds()).toArray());
  }

  /** Seconds of processor time for each token. */
  public Spread processorSecondsPerToken() {
    return Spread.of(samples.stream().mapToDouble(s -> s.processorSeconds() / tokens).toArray());
  }

  /**
   * How much faster this is than another, round by round: the median is that of medians.
   *
   * @param other as many samples of as many tokens
   */
  public Spread ratio(Timing other) {
    double median = tokensPerSecond().median() / other.tokensPerSecond().median();
    double least = median;
    double most = median;
    for (int i = 0; i < samples.size(); i++) {
      double round = other.samples.get(i).seconds() / samples.get(i).seconds();
      least = Math.min(least, round);
      most = Math.max(most, round);
    }
    return new Spread(median, least, most);
  }

  /**
   * Processor time of another over that of this; above 1, this takes less. Empty if there is too
   * little of it: systems count it in hundredths of a second.
   */
  public OptionalDouble processorRatio(Timing other) {
    double own = processorSecondsPerToken().median();
    double others = other.processorSecondsPerToken().median();
    return Math.min(own, others) * tokens < LEAST_PROCESSOR_SECONDS
        ? OptionalDouble.empty()
        : OptionalDouble.of(others / own);
  }
}
