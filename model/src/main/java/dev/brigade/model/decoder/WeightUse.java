package dev.brigade.model.decoder;

/** What a recipe does with a weight; an engine chooses by it how to store the weight. */
public enum WeightUse {
  /** Rows of it are looked up. */
  TABLE,
  /** Rows are multiplied by it. */
  MATRIX,
  /**
   * Rows are multiplied by it, and something is chosen by the products: a router. Rounded, it sends
   * tokens to other experts than it should; it is small.
   */
  ROUTER,
  /** The stacked matrices of experts. */
  EXPERTS,
  /** Added or multiplied element by element. */
  VECTOR,
  /** Biases of experts, {@code [experts, n]}. */
  EXPERT_BIAS,
  /** Sinks of attention. */
  SINKS
}
