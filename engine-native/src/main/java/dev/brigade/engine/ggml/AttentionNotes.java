package dev.brigade.engine.ggml;

import dev.brigade.model.decoder.AttentionSpec;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.decoder.WeightUse;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Notes attention of one layer: what is written to the caches, and what is read from them. */
final class AttentionNotes {
  private static final int F32_BYTES = 4;

  private final GraphNotes notes;
  private final PassShape shape;
  private final PassInputs inputs;
  private final ShardWeights weights;
  private final boolean current;
  private final OptionalInt lastLayer;

  /**
   * @param current whether {@link GgmlCurrent} is there
   * @param lastLayer the layer, counted from the shard's first, after which only rows are wanted
   *     that give logits
   */
  AttentionNotes(
      GraphNotes notes,
      PassShape shape,
      PassInputs inputs,
      ShardWeights weights,
      boolean current,
      OptionalInt lastLayer) {
    this.lastLayer = lastLayer;
    this.notes = notes;
    this.shape = shape;
    this.inputs = inputs;
    this.weights = weights;
    this.current = current;
  }

  /**
   * {@code layer} counts from the shard's first. What comes after the last attention goes row by
   * row, so that from there on only those rows are computed that give logits.
   */
  Node attention(int layer, Node q, Node k, Node v, AttentionSpec spec) {
    boolean all = lastLayer.isEmpty() || lastLayer.getAsInt() != layer || shape.outputs() == 0;
    List<Long> attended = new ArrayList<>();
    for (int part = 0; part < shape.parts().size(); part++) {
      KvCache cache = shape.parts().get(part).sequence().cache();
      write(part, cache, cache.keys(layer), k);
      write(part, cache, cache.values(layer), v);
      PassShape.Part of = shape.parts().get(part);
      int count = all ? of.count() : of.outputs();
      if (count > 0) {
        attended.add(attend(part, count, cache, layer, q, spec));
      }
    }
    int width = spec.heads() * spec.kv().valueWidth();
    return new Node(joined(attended), width, all ? q.rows() : shape.outputs());
  }

  /** One part's rows of a matrix, as f32 {@code [count, width]}. */
  private long rows(int part, Node x) {
    PassShape.Part of = shape.parts().get(part);
    if (of.count() == x.rows()) {
      return x.tensor();
    }
    long stride = (long) x.width() * F32_BYTES;
    return Ggml.ggml_view_2d(
        notes.next(), x.tensor(), x.width(), of.count(), stride, of.row() * stride);
  }

  private void write(int part, KvCache cache, long target, Node x) {
    PassShape.Part of = shape.parts().get(part);
    long source = rows(part, x);
    if (of.writeAt() < 0) {
      notes.compute(
          GgmlCurrent.ggml_set_rows(notes.next(), target, source, inputs.cacheRows(part)));
      return;
    }
    long stride = cache.type().bytes(x.width());
    long place =
        Ggml.ggml_view_2d(
            notes.next(), target, x.width(), of.count(), stride, of.writeAt() * stride);
    notes.compute(Ggml.ggml_cpy(notes.next(), source, place));
  }

  /** For the last {@code count} rows of a part. */
  private long attend(int part, int count, KvCache cache, int layer, Node q, AttentionSpec spec) {
    PassShape.Part of = shape.parts().get(part);
    KvShape kv = spec.kv();
    long head = (long) kv.keyWidth() * F32_BYTES;
    long row = spec.heads() * head;
    long queries =
        Ggml.ggml_permute(
            notes.next(),
            Ggml.ggml_view_3d(
                notes.next(),
                q.tensor(),
                kv.keyWidth(),
                spec.heads(),
                count,
                head,
                row,
                (of.row() + of.count() - count) * row),
            0,
            2,
            1,
            3);
    long keys = heads(cache, cache.keys(layer), kv.heads(), kv.keyWidth(), of.keys());
    long values = heads(cache, cache.values(layer), kv.heads(), kv.valueWidth(), of.keys());
    long attended =
        isFused(cache, spec)
            ? fused(part, count, queries, keys, values, spec)
            : stepwise(part, count, queries, keys, wide(cache, values), spec);
    return Ggml.ggml_reshape_2d(
        notes.next(), attended, (long) spec.heads() * kv.valueWidth(), count);
  }

  /** Older versions fuse attention only over keys and values of one width, and without sinks. */
  private boolean isFused(KvCache cache, AttentionSpec spec) {
    boolean plain =
        cache.type() != GgmlType.F32
            && spec.kv().keyWidth() == spec.kv().valueWidth()
            && spec.sinks().isEmpty();
    return current || plain;
  }

  /** Columns of blocks cannot be had: they become f32 before. */
  private long wide(KvCache cache, long values) {
    return cache.type().isQuantized()
        ? Ggml.ggml_cast(notes.next(), values, GgmlType.F32.code())
        : values;
  }

  /** Rows of a cache by heads: {@code [heads, keys, width]}. */
  private long heads(KvCache cache, long tensor, int heads, int width, int keys) {
    long head = cache.type().bytes(width);
    return Ggml.ggml_view_3d(
        notes.next(),
        tensor,
        width,
        keys,
        heads,
        cache.type().bytes((long) heads * width),
        head,
        0);
  }

  private long mask(int part, int count, AttentionSpec spec, int extra) {
    int keys = shape.parts().get(part).keys();
    // A window that covers all there is hides nothing, and then layers can share a mask.
    int window = Math.min(spec.window().orElse(Integer.MAX_VALUE), keys);
    return inputs.mask(part, count, window, extra);
  }

  private long fused(int part, int count, long q, long k, long v, AttentionSpec spec) {
    long attention =
        Ggml.ggml_flash_attn_ext(
            notes.next(),
            q,
            k,
            v,
            mask(part, count, spec, 0),
            (float) spec.scale(),
            0,
            (float) spec.softcap().orElse(0));
    spec.sinks()
        .ifPresent(
            sinks ->
                GgmlCurrent.ggml_flash_attn_ext_add_sinks(
                    attention, weights.tensor(sinks, WeightUse.SINKS)));
    return attention;
  }

  /** Products, softmax and products again; sinks are one more column of the softmax. */
  private long stepwise(int part, int count, long q, long k, long v, AttentionSpec spec) {
    long scores = Ggml.ggml_mul_mat(notes.next(), k, q);
    scores = Ggml.ggml_scale(notes.next(), scores, (float) spec.scale());
    if (spec.softcap().isPresent()) {
      float cap = (float) spec.softcap().getAsDouble();
      scores = Ggml.ggml_scale(notes.next(), scores, 1 / cap);
      scores = Ggml.ggml_scale(notes.next(), Ggml.ggml_tanh(notes.next(), scores), cap);
    }
    long shares =
        spec.sinks().isEmpty()
            ? Ggml.ggml_soft_max_ext(notes.next(), scores, mask(part, count, spec, 0), 1, 0)
            : sharesBesideSinks(part, count, scores, spec);
    long columns = Ggml.ggml_cont(notes.next(), Ggml.ggml_permute(notes.next(), v, 1, 0, 2, 3));
    long attended = Ggml.ggml_mul_mat(notes.next(), columns, shares);
    return Ggml.ggml_cont(notes.next(), Ggml.ggml_permute(notes.next(), attended, 0, 2, 1, 3));
  }

  private long sharesBesideSinks(int part, int count, long scores, AttentionSpec spec) {
    PassShape.Part of = shape.parts().get(part);
    int heads = spec.heads();
    long sinks = weights.tensor(spec.sinks().orElseThrow(), WeightUse.SINKS);
    long column =
        Ggml.ggml_repeat(
            notes.next(),
            Ggml.ggml_reshape_3d(notes.next(), sinks, 1, 1, heads),
            Ggml.ggml_new_tensor_3d(notes.next(), GgmlType.F32.code(), 1, count, heads));
    long all = Ggml.ggml_concat(notes.next(), scores, column, 0);
    long shares = Ggml.ggml_soft_max_ext(notes.next(), all, mask(part, count, spec, 1), 1, 0);
    long stride = (of.keys() + 1L) * F32_BYTES;
    long view =
        Ggml.ggml_view_3d(notes.next(), shares, of.keys(), count, heads, stride, stride * count, 0);
    return Ggml.ggml_cont(notes.next(), view);
  }

  /** All parts' rows, joined two by two so that none is copied more often than need be. */
  private long joined(List<Long> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    int half = parts.size() / 2;
    return Ggml.ggml_concat(
        notes.next(), joined(parts.subList(0, half)), joined(parts.subList(half, parts.size())), 1);
  }
}
