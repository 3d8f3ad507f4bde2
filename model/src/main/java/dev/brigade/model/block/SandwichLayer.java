package dev.brigade.model.block;

import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.decoder.TensorOps;
import java.util.Optional;

/**
 * A layer that norms what each half gives before it is added, and may norm what it takes: Gemma
 * does both, OLMo 2 the former only.
 *
 * @param beforeAttention norm of what attention takes
 * @param afterAttention norm of what it gives
 * @param beforeFeedForward norm of what the feed-forward takes
 * @param afterFeedForward norm of what it gives
 */
public record SandwichLayer(
    Optional<RmsNorm> beforeAttention,
    Attention attention,
    RmsNorm afterAttention,
    Optional<RmsNorm> beforeFeedForward,
    FeedForward feedForward,
    RmsNorm afterFeedForward)
    implements DecoderLayer {

  @Override
  public KvShape kv() {
    return attention.kv();
  }

  @Override
  public <T> T apply(TensorOps<T> ops, T x) {
    T attended = attention.apply(ops, normed(beforeAttention, ops, x));
    T h = ops.add(x, afterAttention.apply(ops, attended));
    T fed = feedForward.apply(ops, normed(beforeFeedForward, ops, h));
    return ops.add(h, afterFeedForward.apply(ops, fed));
  }

  private static <T> T normed(Optional<RmsNorm> norm, TensorOps<T> ops, T x) {
    return norm.isPresent() ? norm.get().apply(ops, x) : x;
  }
}
