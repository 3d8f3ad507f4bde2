package dev.brigade.model.decoder;

import dev.brigade.model.weights.Weight;
import java.util.Optional;

/**
 * The experts of one layer.
 *
 * @param gate {@code [experts, inner, width]}
 * @param up {@code [experts, inner, width]}
 * @param down {@code [experts, width, inner]}
 * @param biases added to the three projections, if there are any
 */
public record ExpertStacks(Weight gate, Weight up, Weight down, Optional<Biases> biases) {

  /**
   * @param gate {@code [experts, inner]}
   * @param up {@code [experts, inner]}
   * @param down {@code [experts, width]}
   */
  public record Biases(Weight gate, Weight up, Weight down) {}

  /** Number of experts. */
  public int experts() {
    return Math.toIntExact(gate.shape().get(0));
  }
}
