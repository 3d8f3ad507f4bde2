package dev.brigade.model.rope;

import dev.brigade.model.decoder.RopeSpec.Beyond;
import dev.brigade.model.decoder.RopeSpec.Rotation;
import java.util.List;
import java.util.Optional;

/**
 * LongRoPE (Ding et al. 2024): one divisor per pair, found by search, in two sets, for texts up to
 * the original context and beyond.
 *
 * @param shortFactors divisors up to {@code context} positions
 * @param longFactors divisors beyond
 * @param context positions of the original training
 * @param magnitude scales the rotated columns
 */
record LongRope(List<Double> shortFactors, List<Double> longFactors, int context, double magnitude)
    implements RopeScaling {
  LongRope {
    shortFactors = List.copyOf(shortFactors);
    longFactors = List.copyOf(longFactors);
  }

  /** The factor on the rotated columns where the config does not say it. */
  static double magnitude(double factor, double context) {
    return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(context));
  }

  @Override
  public Rotation rotation(BaseFrequencies base) {
    return divided(base, shortFactors);
  }

  @Override
  public Optional<Beyond> beyond(BaseFrequencies base) {
    return Optional.of(new Beyond(context, divided(base, longFactors)));
  }

  private Rotation divided(BaseFrequencies base, List<Double> factors) {
    if (factors.size() != base.pairs()) {
      throw new IllegalArgumentException(
          "longrope has %d factors for %d rotated pairs".formatted(factors.size(), base.pairs()));
    }
    return base.rotation(
        pair -> 1f / (factors.get(pair).floatValue() * base.stretch(pair)), magnitude);
  }
}
