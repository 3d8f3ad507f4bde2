package dev.brigade.engine.onnx;

import dev.brigade.model.decoder.AttentionSpec;
import dev.brigade.model.decoder.KvShape;

/**
 * How a layer's keys and values lie in memory: {@code [slots, heads, tokens, width]} each, in f32.
 * {@code GroupQueryAttention} wants one width for both, a multiple of 8; what is narrower is
 * followed by zeros.
 *
 * @param kv what the recipe caches
 * @param width of a head of keys or values in memory
 */
record KvLayout(KvShape kv, int width) {
  private static final int MULTIPLE = 8;

  /** The layout for an attention. */
  static KvLayout of(AttentionSpec spec) {
    int wider = Math.max(spec.kv().keyWidth(), spec.kv().valueWidth());
    return new KvLayout(spec.kv(), (wider + MULTIPLE - 1) / MULTIPLE * MULTIPLE);
  }

  /** Memory of one token's keys, or of its values. */
  long bytesPerToken() {
    return (long) kv.heads() * width * Float.BYTES;
  }
}
