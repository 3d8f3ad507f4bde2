package dev.brigade.model.rope;

import dev.brigade.model.decoder.RopeSpec.Rotation;
import java.util.ArrayList;
import java.util.List;

/**
 * The frequencies of rotary embedding before any stretching (Su et al. 2021): {@code theta^(-2 i /
 * columns)}, in f32.
 *
 * @param theta base
 * @param columns rotated columns of a head; an odd number counts as the next even one
 */
public record BaseFrequencies(double theta, int columns) {

  /** Number of frequencies. */
  int pairs() {
    return (columns + 1) / 2;
  }

  /** {@code theta^(2 i / columns)}: positions per radian. */
  float stretch(int pair) {
    return (float) Math.pow(theta, (float) (2 * pair) / columns);
  }

  /** Radians per position. */
  float frequency(int pair) {
    return 1f / stretch(pair);
  }

  /** A rotation with a frequency for each pair. */
  Rotation rotation(FrequencyOfPair frequency, double magnitude) {
    List<Float> frequencies = new ArrayList<>(pairs());
    for (int pair = 0; pair < pairs(); pair++) {
      frequencies.add(frequency.of(pair));
    }
    return new Rotation(frequencies, (float) magnitude);
  }

  /** Radians per position of a pair. */
  @FunctionalInterface
  interface FrequencyOfPair {
    float of(int pair);
  }
}
