package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.engine.mlx.binding.Recording;
import dev.brigade.model.decoder.AttentionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Attention of one layer over the sequences of a step, one after the other: rows are written to the
 * cache, then MLX's kernel attends over it, or single operations where it lacks something.
 */
final class MlxAttention {
  private final Step step;
  private final Recording g;
  private final AttentionSpec spec;
  private final int index;
  private final Optional<MlxArray> sinks;
  private final MlxType type;
  private final boolean kernel;

  /**
   * @param index of the layer within the shard
   * @param sinks in the element type of the cache
   * @param type element type of the cache
   * @param kernel whether the device has a kernel for attention, which adds up in f32
   */
  MlxAttention(
      Step step,
      AttentionSpec spec,
      int index,
      Optional<MlxArray> sinks,
      MlxType type,
      boolean kernel) {
    this.step = step;
    this.g = step.recording();
    this.spec = spec;
    this.index = index;
    this.sinks = sinks;
    this.type = type;
    this.kernel = kernel;
  }

  /** {@code [rows, heads * valueWidth]}; all in the element type of the cache. */
  MlxArray over(MlxArray q, MlxArray k, MlxArray v) {
    List<MlxArray> parts = new ArrayList<>();
    for (Step.Rows part : step.rows()) {
      parts.add(over(part, q, k, v));
    }
    return parts.size() == 1 ? parts.get(0) : g.concat(parts, 0);
  }

  private MlxArray over(Step.Rows part, MlxArray q, MlxArray k, MlxArray v) {
    int heads = spec.kv().heads();
    KvCache cache = part.sequence().cache().get(index);
    MlxArray keys = append(cache.keys(), part, k, heads, spec.kv().keyWidth());
    MlxArray values = append(cache.values(), part, v, heads, spec.kv().valueWidth());
    step.write(cache, keys, values);
    int window = spec.window().orElse(Integer.MAX_VALUE);
    int first = Step.firstSeen(part, window);
    MlxArray queries = byHead(part, q, spec.heads(), spec.kv().keyWidth());
    MlxArray seenKeys = positions(keys, first, part.end(), spec.kv().keyWidth());
    MlxArray seenValues = positions(values, first, part.end(), spec.kv().valueWidth());
    MlxArray y =
        spec.softcap().isPresent()
            ? stepwise(part, queries, seenKeys, seenValues, window)
            : fused(part, queries, seenKeys, seenValues, window);
    int width = spec.heads() * spec.kv().valueWidth();
    return part.count() == 1
        ? g.reshape(y, 1, width)
        : g.reshape(g.transpose(y, 0, 2, 1, 3), part.count(), width);
  }

  private MlxArray append(MlxArray cache, Step.Rows part, MlxArray rows, int heads, int width) {
    return g.update(
        cache,
        byHead(part, rows, heads, width),
        new int[] {0, 0, part.start(), 0},
        new int[] {1, heads, part.end(), width});
  }

  /** The part's rows as {@code [1, heads, count, width]}. */
  private MlxArray byHead(Step.Rows part, MlxArray rows, int heads, int width) {
    MlxArray own =
        step.rows().size() == 1
            ? rows
            : g.slice(
                rows,
                new int[] {part.first(), 0},
                new int[] {part.first() + part.count(), heads * width});
    return part.count() == 1
        ? g.reshape(own, 1, heads, 1, width)
        : g.transpose(g.reshape(own, 1, part.count(), heads, width), 0, 2, 1, 3);
  }

  private MlxArray positions(MlxArray cache, int from, int to, int width) {
    return g.slice(cache, new int[] {0, 0, from, 0}, new int[] {1, spec.kv().heads(), to, width});
  }

  private MlxArray fused(Step.Rows part, MlxArray q, MlxArray k, MlxArray v, int window) {
    boolean several = part.count() > 1;
    boolean causal = several && window >= part.end();
    Optional<MlxArray> seen =
        several && !causal ? Optional.of(step.seen(part, window)) : Optional.empty();
    if (kernel) {
      return g.kernels().attention(q, k, v, spec.scale(), causal, seen, sinks);
    }
    // Without a kernel, MLX would round the scores to the type of the queries.
    MlxArray y =
        g.kernels()
            .attention(
                wide(q), wide(k), wide(v), spec.scale(), causal, seen, sinks.map(this::wide));
    return g.cast(y, type);
  }

  private MlxArray wide(MlxArray x) {
    return g.cast(x, MlxType.F32);
  }

  /** With a cap on the scores, which MLX's kernel lacks. */
  private MlxArray stepwise(Step.Rows part, MlxArray q, MlxArray k, MlxArray v, int window) {
    int heads = spec.kv().heads();
    int group = spec.heads() / heads;
    int count = part.count();
    int n = part.end() - Step.firstSeen(part, window);
    MlxArray queries = g.reshape(q, heads, group, count, spec.kv().keyWidth());
    MlxArray keys = g.transpose(k, 1, 0, 3, 2);
    MlxArray values = g.transpose(v, 1, 0, 2, 3);
    double cap = spec.softcap().getAsDouble();
    MlxArray scores = g.products().matmul(wide(queries), wide(keys));
    MlxArray capped =
        g.multiply(g.tanh(g.multiply(scores, step.number(spec.scale() / cap))), step.number(cap));
    if (count > 1) {
      capped = g.where(step.seen(part, window), capped, step.number(Double.NEGATIVE_INFINITY));
    }
    if (sinks.isPresent()) {
      MlxArray sink = g.cast(g.reshape(sinks.get(), heads, group, 1, 1), MlxType.F32);
      capped = g.concat(List.of(capped, g.broadcast(sink, heads, group, count, 1)), 3);
    }
    MlxArray shares = g.softmax(capped, -1);
    if (sinks.isPresent()) {
      shares = g.slice(shares, new int[4], new int[] {heads, group, count, n});
    }
    MlxArray y = g.products().matmul(g.cast(shares, type), values);
    return g.reshape(y, 1, spec.heads(), count, spec.kv().valueWidth());
  }
}
