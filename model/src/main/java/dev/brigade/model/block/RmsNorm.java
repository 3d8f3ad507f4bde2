package dev.brigade.model.block;

import dev.brigade.model.decoder.TensorOps;
import dev.brigade.model.weights.Weight;

/**
 * Root-mean-square norm, of whole rows or of each head on its own.
 *
 * @param weight {@code [n]}; {@code n} is the width of what is normed together
 * @param epsilon added to the mean square
 */
public record RmsNorm(Weight weight, double epsilon) {

  /** The one stored under {@code name.weight}. */
  public static RmsNorm named(String name, long width, double epsilon) {
    return new RmsNorm(Weight.named(name + ".weight", width), epsilon);
  }

  /** The same with 1 added to the weight: Gemma stores how far it is from 1. */
  public RmsNorm aroundOne() {
    return new RmsNorm(weight.plus(1), epsilon);
  }

  /** {@code [rows, width]} to the same. */
  public <T> T apply(TensorOps<T> ops, T x) {
    return ops.rmsNorm(x, weight, epsilon);
  }
}
