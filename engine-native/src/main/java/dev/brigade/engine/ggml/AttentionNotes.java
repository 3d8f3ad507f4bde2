package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.GgmlRuntime;
import dev.brigade.engine.ggml.binding.GgmlTensor;
import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.engine.ggml.binding.GraphNotes;
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
   * @param current whether ggml is of a {@linkplain GgmlRuntime#isCurrent current} version
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
    List<GgmlTensor> attended = new ArrayList<>();
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
  private GgmlTensor rows(int part, Node x) {
    PassShape.Part of = shape.parts().get(part);
    if (of.count() == x.rows()) {
      return x.tensor();
    }
    long stride = (long) x.width() * F32_BYTES;
    return notes.view(x.tensor(), x.width(), of.count(), stride, of.row() * stride);
  }

  private void write(int part, KvCache cache, GgmlTensor target, Node x) {
    PassShape.Part of = shape.parts().get(part);
    GgmlTensor source = rows(part, x);
    if (of.writeAt() < 0) {
      notes.compute(notes.setRows(target, source, inputs.cacheRows(part)));
      return;
    }
    long stride = cache.type().bytes(x.width());
    GgmlTensor place = notes.view(target, x.width(), of.count(), stride, of.writeAt() * stride);
    notes.compute(notes.copy(source, place));
  }

  /** For the last {@code count} rows of a part. */
  private GgmlTensor attend(
      int part, int count, KvCache cache, int layer, Node q, AttentionSpec spec) {
    PassShape.Part of = shape.parts().get(part);
    KvShape kv = spec.kv();
    long head = (long) kv.keyWidth() * F32_BYTES;
    long row = spec.heads() * head;
    GgmlTensor queries =
        notes.permute(
            notes.view(
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
    GgmlTensor keys = heads(cache, cache.keys(layer), kv.heads(), kv.keyWidth(), of.keys());
    GgmlTensor values = heads(cache, cache.values(layer), kv.heads(), kv.valueWidth(), of.keys());
    GgmlTensor attended =
        isFused(cache, spec)
            ? fused(part, count, queries, keys, values, spec)
            : stepwise(part, count, queries, keys, wide(cache, values), spec);
    return notes.reshape(attended, (long) spec.heads() * kv.valueWidth(), count);
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
  private GgmlTensor wide(KvCache cache, GgmlTensor values) {
    return cache.type().isQuantized() ? notes.cast(values, GgmlType.F32) : values;
  }

  /** Rows of a cache by heads: {@code [heads, keys, width]}. */
  private GgmlTensor heads(KvCache cache, GgmlTensor tensor, int heads, int width, int keys) {
    long head = cache.type().bytes(width);
    return notes.view(
        tensor, width, keys, heads, cache.type().bytes((long) heads * width), head, 0);
  }

  private GgmlTensor mask(int part, int count, AttentionSpec spec, int extra) {
    int keys = shape.parts().get(part).keys();
    // A window that covers all there is hides nothing, and then layers can share a mask.
    int window = Math.min(spec.window().orElse(Integer.MAX_VALUE), keys);
    return inputs.mask(part, count, window, extra);
  }

  private GgmlTensor fused(
      int part, int count, GgmlTensor q, GgmlTensor k, GgmlTensor v, AttentionSpec spec) {
    GgmlTensor attention =
        notes.flashAttention(
            q,
            k,
            v,
            mask(part, count, spec, 0),
            (float) spec.scale(),
            (float) spec.softcap().orElse(0));
    spec.sinks()
        .ifPresent(sinks -> notes.addSinks(attention, weights.tensor(sinks, WeightUse.SINKS)));
    return attention;
  }

  /** Products, softmax and products again; sinks are one more column of the softmax. */
  private GgmlTensor stepwise(
      int part, int count, GgmlTensor q, GgmlTensor k, GgmlTensor v, AttentionSpec spec) {
    GgmlTensor scores = notes.mulMat(k, q);
    scores = notes.scale(scores, (float) spec.scale());
    if (spec.softcap().isPresent()) {
      float cap = (float) spec.softcap().getAsDouble();
      scores = notes.scale(scores, 1 / cap);
      scores = notes.scale(notes.tanh(scores), cap);
    }
    GgmlTensor shares =
        spec.sinks().isEmpty()
            ? notes.softmax(scores, mask(part, count, spec, 0))
            : sharesBesideSinks(part, count, scores, spec);
    GgmlTensor columns = notes.cont(notes.permute(v, 1, 0, 2, 3));
    GgmlTensor attended = notes.mulMat(columns, shares);
    return notes.cont(notes.permute(attended, 0, 2, 1, 3));
  }

  private GgmlTensor sharesBesideSinks(int part, int count, GgmlTensor scores, AttentionSpec spec) {
    PassShape.Part of = shape.parts().get(part);
    int heads = spec.heads();
    GgmlTensor sinks = weights.tensor(spec.sinks().orElseThrow(), WeightUse.SINKS);
    GgmlTensor column =
        notes.repeat(notes.reshape(sinks, 1, 1, heads), notes.like(GgmlType.F32, 1, count, heads));
    GgmlTensor all = notes.concat(scores, column, 0);
    GgmlTensor shares = notes.softmax(all, mask(part, count, spec, 1));
    long stride = (of.keys() + 1L) * F32_BYTES;
    GgmlTensor view = notes.view(shares, of.keys(), count, heads, stride, stride * count, 0);
    return notes.cont(view);
  }

  /** All parts' rows, joined two by two so that none is copied more often than need be. */
  private GgmlTensor joined(List<GgmlTensor> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    int half = parts.size() / 2;
    return notes.concat(
        joined(parts.subList(0, half)), joined(parts.subList(half, parts.size())), 1);
  }
}
