package dev.brigade.model.block;

import dev.brigade.model.decoder.AttentionSpec;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.decoder.TensorOps;

/**
 * Multi-head latent attention (DeepSeek-AI 2024, "DeepSeek-V2", section 2.1): keys and values are
 * made from a narrow latent; only a part of queries and keys is rotated, which the heads' keys
 * share. Here the latent is expanded before the cache.
 *
 * @param layer number within the model
 * @param query {@code width} to {@code heads * (plain + rotated)}
 * @param down {@code width} to {@code latent + rotated}
 * @param latentNorm of the latent
 * @param key latent to {@code heads * plain}
 * @param value latent to {@code heads * valueWidth}
 * @param output {@code heads * valueWidth} to {@code width}
 * @param queryRope of the rotated columns of each head's query
 * @param keyRope of the shared rotated key
 */
public record LatentAttention(
    int layer,
    LatentQuery query,
    Projection down,
    RmsNorm latentNorm,
    Projection key,
    Projection value,
    Projection output,
    RopeSpec queryRope,
    RopeSpec keyRope,
    AttentionSpec spec)
    implements Attention {

  @Override
  public KvShape kv() {
    return spec.kv();
  }

  @Override
  public <T> T apply(TensorOps<T> ops, T x) {
    T q = ops.rope(query.apply(ops, x), queryRope);

    int latentWidth = Math.toIntExact(latentNorm.weight().elements());
    T compressed = down.apply(ops, x);
    T latent = latentNorm.apply(ops, ops.columns(compressed, 0, latentWidth));
    T rotated = ops.columns(compressed, latentWidth, latentWidth + keyRope.headWidth());
    T k = ops.joinHeads(key.apply(ops, latent), ops.rope(rotated, keyRope), spec.heads(), true);
    T v = value.apply(ops, latent);

    return output.apply(ops, ops.attention(layer, q, k, v, spec));
  }
}
