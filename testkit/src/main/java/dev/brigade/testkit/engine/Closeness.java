package dev.brigade.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

/** Compares rows of logits. */
final class Closeness {
  private Closeness() {}

  static void assertClose(float[] actual, float[] expected, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) actual[i] - expected[i]);
      // NaN must not pass as a small difference.
      largest = difference <= largest ? largest : difference;
    }
    assertThat(largest).as("largest difference of a logit").isLessThanOrEqualTo(tolerance);
  }
}
