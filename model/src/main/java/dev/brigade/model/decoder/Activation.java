package dev.brigade.model.decoder;

/** How a gated feed-forward block joins its two projections {@code gate} and {@code up}. */
public sealed interface Activation {

  /** {@code silu(gate) * up} (SwiGLU, Shazeer 2020). */
  record Swiglu() implements Activation {}

  /** {@code gelu(gate) * up}, with the tanh approximation of GELU. */
  record Geglu() implements Activation {}

  /**
   * {@code (up + 1) * gate * sigmoid(alpha * gate)} with {@code gate} at most {@code limit} and
   * {@code up} within {@code ±limit} (gpt-oss).
   */
  record ClampedSwiglu(double alpha, double limit) implements Activation {}
}
