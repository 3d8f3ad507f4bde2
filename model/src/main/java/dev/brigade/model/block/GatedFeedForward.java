package dev.brigade.model.block;

import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.TensorOps;

/**
 * Feed-forward with a gate (Shazeer 2020, "GLU Variants Improve Transformer").
 *
 * @param gate {@code width} to {@code inner}
 * @param up {@code width} to {@code inner}
 * @param down {@code inner} to {@code width}
 */
public record GatedFeedForward(
    Projection gate, Projection up, Projection down, Activation activation) implements FeedForward {

  /** The one stored under {@code name.gate_proj}, {@code up_proj} and {@code down_proj}. */
  public static GatedFeedForward named(
      String name, int width, int inner, boolean biased, Activation activation) {
    return new GatedFeedForward(
        Projection.named(name + ".gate_proj", inner, width, biased),
        Projection.named(name + ".up_proj", inner, width, biased),
        Projection.named(name + ".down_proj", width, inner, biased),
        activation);
  }

  @Override
  public <T> T apply(TensorOps<T> ops, T x) {
    return down.apply(ops, ops.gated(gate.apply(ops, x), up.apply(ops, x), activation));
  }
}
