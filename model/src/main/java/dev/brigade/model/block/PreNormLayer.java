package dev.brigade.model.block;

import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.decoder.TensorOps;

/**
 * The usual layer: attention, then feed-forward, each of a normed copy and added to what came in.
 *
 * @param residualScale factor on what each half adds
 */
public record PreNormLayer(
    RmsNorm attentionNorm,
    Attention attention,
    RmsNorm feedForwardNorm,
    FeedForward feedForward,
    double residualScale)
    implements DecoderLayer {

  /** A layer that adds what its halves give as it is. */
  public PreNormLayer(
      RmsNorm attentionNorm,
      Attention attention,
      RmsNorm feedForwardNorm,
      FeedForward feedForward) {
    this(attentionNorm, attention, feedForwardNorm, feedForward, 1);
  }

  @Override
  public KvShape kv() {
    return attention.kv();
  }

  @Override
  public <T> T apply(TensorOps<T> ops, T x) {
    T h = ops.add(x, scaled(ops, attention.apply(ops, attentionNorm.apply(ops, x))));
    return ops.add(h, scaled(ops, feedForward.apply(ops, feedForwardNorm.apply(ops, h))));
  }

  private <T> T scaled(TensorOps<T> ops, T x) {
    return residualScale == 1 ? x : ops.scale(x, residualScale);
  }
}
