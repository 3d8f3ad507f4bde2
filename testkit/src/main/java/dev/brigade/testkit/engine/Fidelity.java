package dev.brigade.testkit.engine;

/**
 * How close an engine must come to the reference, which computes in f32.
 *
 * @param logits largest difference of a logit, in standard deviations of the logits
 * @param hidden largest difference of an element of a hidden state, in the larger of 1 and its size
 * @param norm largest difference of a hidden state's norm, in the norm
 * @param decisiveMargin lead of the likeliest token, in standard deviations of the logits, from
 *     which on an engine must choose it too
 */
public record Fidelity(double logits, double hidden, double norm, double decisiveMargin) {

  /** Arithmetic in f32: every greedy token is the reference's. */
  public static Fidelity f32() {
    return new Fidelity(1e-3, 1e-3, 1e-4, 0);
  }

  /** Arithmetic in 16 bits. */
  public static Fidelity half() {
    return new Fidelity(0.15, 0.1, 0.02, 0.2);
  }

  /**
   * Lead of an expert over the next, in the spread of the scores, from which on it must be chosen:
   * a tenth of what a hidden state, from which scores are computed, may be off.
   */
  public double decisiveLead() {
    return isExact() ? -1 : hidden / 10;
  }

  /** Whether all greedy tokens can be expected to be the reference's. */
  public boolean isExact() {
    return decisiveMargin == 0;
  }
}
