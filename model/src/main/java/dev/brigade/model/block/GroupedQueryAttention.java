package dev.brigade.model.block;

import dev.brigade.model.decoder.AttentionSpec;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.decoder.TensorOps;
import java.util.Optional;

/**
 * Self-attention in which groups of query heads share a key and a value head (Ainslie et al. 2023),
 * with rotary positions.
 *
 * @param layer number within the model
 * @param query {@code width} to {@code heads * headWidth}
 * @param key {@code width} to {@code kvHeads * headWidth}
 * @param value {@code width} to {@code kvHeads * headWidth}
 * @param output {@code heads * headWidth} to {@code width}
 * @param norms of queries and keys before they are rotated
 * @param rope empty for attention that does not see positions
 * @param spec heads, widths, window…
 */
public record GroupedQueryAttention(
    int layer,
    Projection query,
    Projection key,
    Projection value,
    Projection output,
    Optional<QueryKeyNorms> norms,
    Optional<RopeSpec> rope,
    AttentionSpec spec)
    implements Attention {

  /** Norms of queries and keys; each of all heads together or of every head on its own. */
  public record QueryKeyNorms(RmsNorm query, RmsNorm key) {}

  /**
   * The one stored under {@code name.q_proj}, {@code k_proj}, {@code v_proj} and {@code o_proj}.
   *
   * @param width elements of a hidden state
   * @param biased whether queries, keys and values have a bias
   * @param outputBiased whether the output has one
   */
  public static GroupedQueryAttention named(
      String name, int layer, int width, AttentionSpec spec, boolean biased, boolean outputBiased) {
    int queries = spec.heads() * spec.kv().keyWidth();
    int keys = spec.kv().heads() * spec.kv().keyWidth();
    return new GroupedQueryAttention(
        layer,
        Projection.named(name + ".q_proj", queries, width, biased),
        Projection.named(name + ".k_proj", keys, width, biased),
        Projection.named(name + ".v_proj", keys, width, biased),
        Projection.named(name + ".o_proj", width, queries, outputBiased),
        Optional.empty(),
        Optional.empty(),
        spec);
  }

  /** The same with rotary positions. */
  public GroupedQueryAttention withRope(RopeSpec rope) {
    return new GroupedQueryAttention(
        layer, query, key, value, output, norms, Optional.of(rope), spec);
  }

  /** The same with normed queries and keys. */
  public GroupedQueryAttention withNorms(RmsNorm ofQueries, RmsNorm ofKeys) {
    Optional<QueryKeyNorms> both = Optional.of(new QueryKeyNorms(ofQueries, ofKeys));
    return new GroupedQueryAttention(layer, query, key, value, output, both, rope, spec);
  }

  @Override
  public KvShape kv() {
    return spec.kv();
  }

  @Override
  public <T> T apply(TensorOps<T> ops, T x) {
    T q = query.apply(ops, x);
    T k = key.apply(ops, x);
    T v = value.apply(ops, x);
    if (norms.isPresent()) {
      q = norms.get().query().apply(ops, q);
      k = norms.get().key().apply(ops, k);
    }
    if (rope.isPresent()) {
      q = ops.rope(q, rope.get());
      k = ops.rope(k, rope.get());
    }
    return output.apply(ops, ops.attention(layer, q, k, v, spec));
  }
}
