package dev.brigade.launcher.bench;

/**
 * How much is measured.
 *
 * @param prefill tokens of the prompt
 * @param decode tokens after it
 * @param sequences how many run together, at least 1; with 1, that is not measured
 * @param repeats rounds, each of which runs both sides
 * @param baseline whether engines are held against baselines
 */
public record BenchSettings(int prefill, int decode, int sequences, int repeats, boolean baseline) {
  private static final int MOST_TOKENS = 1 << 20;

  public BenchSettings {
    require("--prefill", prefill, MOST_TOKENS);
    require("--decode", decode, MOST_TOKENS);
    require("--sequences", sequences, 4096);
    require("--repeats", repeats, 1000);
  }

  private static void require(String option, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "%s is %d, allowed is 1 to %d".formatted(option, value, most));
    }
  }

  /** The same without a baseline. */
  BenchSettings alone() {
    return new BenchSettings(prefill, decode, sequences, repeats, false);
  }

  /** Tokens that a sequence holds at the end. */
  int capacity() {
    return prefill + decode;
  }

  /** Steps of the sequences that run together: half of what one alone does. */
  int stepsTogether() {
    return Math.max(1, decode / 2);
  }
}
