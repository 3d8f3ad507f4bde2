package dev.brigade.launcher.bench;

import java.util.Arrays;

/**
 * What some measurements of one thing were.
 *
 * @param median half of them are not above it
 * @param least the smallest
 * @param most the largest
 */
public record Spread(double median, double least, double most) {
  public Spread {
    if (!(least <= median && median <= most)) {
      throw new IllegalArgumentException(
          "median %s is not within %s and %s".formatted(median, least, most));
    }
  }

  /** Of at least one measurement. */
  static Spread of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  /** Half the way from the least to the most, as part of the median. */
  double relative() {
    return median == 0 ? 0 : (most - least) / 2 / median;
  }
}
