package dev.brigade.model.block;

import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.decoder.TensorOps;

/**
 * The usual layer: attention, then feed-forward, each of a normed copy and added to what came in.
 */
public record PreNormLayer(
    RmsNorm attentionNorm, Attention attention, RmsNorm feedForwardNorm, FeedForward feedForward)
    implements DecoderLayer {

  @Override
  public KvShape kv() {
    return attention.kv();
  }

  @Override
  public <T> T apply(TensorOps<T> ops, T x) {
    T h = ops.add(x, attention.apply(ops, attentionNorm.apply(ops, x)));
    return ops.add(h, feedForward.apply(ops, feedForwardNorm.apply(ops, h)));
  }
}
