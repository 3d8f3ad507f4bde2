package dev.brigade.model.decoder;

import dev.brigade.model.weights.Weight;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Causal grouped-query attention of one layer.
 *
 * @param heads query heads; a multiple of {@code kv.heads()}
 * @param kv key/value heads and widths; a query head is as wide as a key
 * @param scale factor on the dot products, before softcap and softmax
 * @param window how many positions a token sees, itself included; empty for all
 * @param softcap {@code c} of {@code c * tanh(score / c)}
 * @param sinks one learned logit per head that takes part in the softmax and has no value; {@code
 *     [heads]}
 */
public record AttentionSpec(
    int heads,
    KvShape kv,
    double scale,
    OptionalInt window,
    OptionalDouble softcap,
    Optional<Weight> sinks) {
  public AttentionSpec {
    if (heads < 1 || heads % kv.heads() != 0) {
      throw new IllegalArgumentException(
          heads + " query heads are no multiple of " + kv.heads() + " key/value heads");
    }
    if (window.isPresent() && window.getAsInt() < 1) {
      throw new IllegalArgumentException("attention window " + window.getAsInt() + " is below 1");
    }
  }

  /** Full attention without extras. */
  public static AttentionSpec of(int heads, KvShape kv, double scale) {
    return new AttentionSpec(
        heads, kv, scale, OptionalInt.empty(), OptionalDouble.empty(), Optional.empty());
  }

  /** The same with another factor on the dot products. */
  public AttentionSpec withScale(double scale) {
    return new AttentionSpec(heads, kv, scale, window, softcap, sinks);
  }

  /** The same, seeing only the last {@code window} positions. */
  public AttentionSpec withWindow(int window) {
    return new AttentionSpec(heads, kv, scale, OptionalInt.of(window), softcap, sinks);
  }

  /** The same with soft-capped scores. */
  public AttentionSpec withSoftcap(double softcap) {
    return new AttentionSpec(heads, kv, scale, window, OptionalDouble.of(softcap), sinks);
  }

  /** The same with attention sinks. */
  public AttentionSpec withSinks(Weight sinks) {
    return new AttentionSpec(heads, kv, scale, window, softcap, Optional.of(sinks));
  }
}
