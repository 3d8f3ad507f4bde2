package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.GgmlTensor;
import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.engine.ggml.binding.GraphNotes;
import dev.brigade.spi.engine.InsufficientMemoryException;
import java.util.ArrayList;
import java.util.List;

/** Notes how experts are chosen. */
final class RoutingNotes {
  private static final int BYTES = 4;

  private final GraphNotes notes;
  private final ShardWeights weights;
  private final boolean exact;

  RoutingNotes(GraphNotes notes, ShardWeights weights, boolean exact) {
    this.notes = notes;
    this.weights = weights;
    this.exact = exact;
  }

  /** I32 {@code [rows, k]}: columns of the k largest of each row, descending. */
  Node largest(Node x, int k) {
    GgmlTensor sorted =
        exact
            ? notes.argsort(ranks(x), GraphNotes.Order.ASCENDING)
            : notes.argsort(x.tensor(), GraphNotes.Order.DESCENDING);
    GgmlTensor view = notes.view(sorted, k, x.rows(), (long) x.width() * BYTES, 0);
    return new Node(notes.cont(view), k, x.rows());
  }

  /**
   * Every column's rank in its row, from 0 for the largest; of equal ones the lower column's is
   * lower. ggml's sort leaves the order of equal ones open, so in exact arithmetic ranks are
   * counted: those who are larger, and those before who are equal.
   */
  private GgmlTensor ranks(Node x) {
    int n = x.width();
    GgmlTensor column = notes.reshape(x.tensor(), 1, n, x.rows());
    GgmlTensor row = notes.reshape(x.tensor(), n, 1, x.rows());
    GgmlTensor square = notes.like(GgmlType.F32, n, n, x.rows());
    // [rows, i, j]: the element of column j, and that of column i
    GgmlTensor others = notes.repeat(row, square);
    GgmlTensor own = notes.repeat(column, square);
    GgmlTensor larger = step(notes.sub(others, own));
    GgmlTensor smaller = step(notes.sub(own, others));
    // 1 - larger - smaller is 1 where equal; times 1 where j < i
    GgmlTensor unequal = notes.add(larger, smaller);
    GgmlTensor before = constant(lowerTriangle(n));
    GgmlTensor equalBefore = notes.sub(notes.repeat(before, square), notes.mul(unequal, before));
    GgmlTensor ahead = notes.add(larger, equalBefore);
    return notes.reshape(notes.sumRows(ahead), n, x.rows());
  }

  private GgmlTensor step(GgmlTensor x) {
    return notes.step(x);
  }

  private static List<Float> lowerTriangle(int n) {
    List<Float> values = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        values.add(j < i ? 1f : 0f);
      }
    }
    return values;
  }

  /** {@code x[row, ids[row, j]]}. */
  Node gather(Node x, Node ids) {
    GgmlTensor single = notes.reshape(x.tensor(), 1, x.width(), x.rows());
    GgmlTensor chosen = notes.getRows(single, ids.tensor());
    return new Node(notes.reshape(chosen, ids.width(), x.rows()), ids.width(), x.rows());
  }

  /** Replaces by {@code fill} what is not in the chosen groups of columns. */
  Node keepGroups(Node x, Node chosen, int groups, double fill) {
    int k = chosen.width();
    GgmlTensor flat = notes.reshape(chosen.tensor(), (long) k * x.rows(), 1);
    GgmlTensor ones = notes.getRows(constant(identity(groups)), flat);
    GgmlTensor each = notes.reshape(ones, groups, k, x.rows());
    GgmlTensor byGroup = notes.cont(notes.permute(each, 1, 0, 2, 3));
    // [rows, groups, 1]: 1 for a chosen group, else 0
    GgmlTensor kept = notes.sumRows(byGroup);
    GgmlTensor mask = notes.reshape(kept, 1, groups, x.rows());
    GgmlTensor grouped = notes.reshape(x.tensor(), x.width() / groups, groups, x.rows());
    GgmlTensor result;
    if (fill == Double.NEGATIVE_INFINITY) {
      // Adds log 1 = 0 or log 0, which leaves no 0 times infinity.
      result = notes.add(grouped, notes.log(mask));
    } else {
      // x * mask + (fill - mask * fill)
      GgmlTensor filled = notes.scale(mask, (float) -fill);
      GgmlTensor rest = notes.add(filled, constant(List.of((float) fill)));
      GgmlTensor own = notes.mul(grouped, mask);
      result = notes.add(own, rest);
    }
    return new Node(notes.reshape(result, x.width(), x.rows()), x.width(), x.rows());
  }

  private static List<Float> identity(int n) {
    List<Float> values = new ArrayList<>();
    for (int i = 0; i < n * n; i++) {
      values.add(i % (n + 1) == 0 ? 1f : 0f);
    }
    return values;
  }

  private GgmlTensor constant(List<Float> square) {
    try {
      return weights.constant(square, true);
    } catch (InsufficientMemoryException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
