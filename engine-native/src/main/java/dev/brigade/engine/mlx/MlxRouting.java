package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.engine.mlx.binding.Recording;
import dev.brigade.model.decoder.TensorOps.TopK;

/** How rows choose their experts. */
final class MlxRouting {
  private final Step step;
  private final Recording g;
  private final ElementTypes types;

  MlxRouting(Step step, ElementTypes types) {
    this.step = step;
    this.g = step.recording();
    this.types = types;
  }

  /** The k largest of every row, largest first. */
  TopK<Value> topK(Value x, int k) {
    MlxArray scores = types.wide(x).array();
    MlxArray order = g.argsort(g.negative(scores), 1);
    MlxArray best = g.slice(order, new int[] {0, 0}, new int[] {scores.size(0), k});
    return new TopK<>(
        ElementTypes.f32(g.takeAlong(scores, best, 1), k), new Value(best, MlxType.U32, k));
  }

  /** Every row with what is not in its chosen groups replaced. */
  Value keepGroups(Value x, Value chosen, int groups, double fill) {
    MlxArray scores = types.wide(x).array();
    int rows = scores.size(0);
    MlxArray none = g.zeros(MlxType.F32, rows, groups);
    MlxArray one = step.number(1);
    MlxArray kept = g.equal(g.putAlong(none, chosen.array(), one, 1), one);
    MlxArray byGroup = g.reshape(scores, rows, groups, x.width() / groups);
    MlxArray y = g.where(g.reshape(kept, rows, groups, 1), byGroup, step.number(fill));
    return ElementTypes.f32(g.reshape(y, rows, x.width()), x.width());
  }
}
