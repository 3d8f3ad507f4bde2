package dev.brigade.engine.ggml;

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
    long sorted =
        exact
            ? Ggml.ggml_argsort(notes.next(), ranks(x), Ggml.ASCENDING)
            : Ggml.ggml_argsort(notes.next(), x.tensor(), Ggml.DESCENDING);
    long view = Ggml.ggml_view_2d(notes.next(), sorted, k, x.rows(), (long) x.width() * BYTES, 0);
    return new Node(Ggml.ggml_cont(notes.next(), view), k, x.rows());
  }

  /**
   * Every column's rank in its row, from 0 for the largest; of equal ones the lower column's is
   * lower. ggml's sort leaves the order of equal ones open, so in exact arithmetic ranks are
   * counted: those who are larger, and those before who are equal.
   */
  private long ranks(Node x) {
    int n = x.width();
    long column = Ggml.ggml_reshape_3d(notes.next(), x.tensor(), 1, n, x.rows());
    long row = Ggml.ggml_reshape_3d(notes.next(), x.tensor(), n, 1, x.rows());
    long square = Ggml.ggml_new_tensor_3d(notes.next(), GgmlType.F32.code(), n, n, x.rows());
    // [rows, i, j]: the element of column j, and that of column i
    long others = Ggml.ggml_repeat(notes.next(), row, square);
    long own = Ggml.ggml_repeat(notes.next(), column, square);
    long larger = step(Ggml.ggml_sub(notes.next(), others, own));
    long smaller = step(Ggml.ggml_sub(notes.next(), own, others));
    // 1 - larger - smaller is 1 where equal; times 1 where j < i
    long unequal = Ggml.ggml_add(notes.next(), larger, smaller);
    long before = constant(lowerTriangle(n));
    long equalBefore =
        Ggml.ggml_sub(
            notes.next(),
            Ggml.ggml_repeat(notes.next(), before, square),
            Ggml.ggml_mul(notes.next(), unequal, before));
    long ahead = Ggml.ggml_add(notes.next(), larger, equalBefore);
    return Ggml.ggml_reshape_2d(notes.next(), Ggml.ggml_sum_rows(notes.next(), ahead), n, x.rows());
  }

  private long step(long x) {
    return Ggml.ggml_step(notes.next(), x);
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
    long single = Ggml.ggml_reshape_3d(notes.next(), x.tensor(), 1, x.width(), x.rows());
    long chosen = Ggml.ggml_get_rows(notes.next(), single, ids.tensor());
    return new Node(
        Ggml.ggml_reshape_2d(notes.next(), chosen, ids.width(), x.rows()), ids.width(), x.rows());
  }

  /** Replaces by {@code fill} what is not in the chosen groups of columns. */
  Node keepGroups(Node x, Node chosen, int groups, double fill) {
    int k = chosen.width();
    long flat = Ggml.ggml_reshape_2d(notes.next(), chosen.tensor(), (long) k * x.rows(), 1);
    long ones = Ggml.ggml_get_rows(notes.next(), constant(identity(groups)), flat);
    long each = Ggml.ggml_reshape_3d(notes.next(), ones, groups, k, x.rows());
    long byGroup = Ggml.ggml_cont(notes.next(), Ggml.ggml_permute(notes.next(), each, 1, 0, 2, 3));
    // [rows, groups, 1]: 1 for a chosen group, else 0
    long kept = Ggml.ggml_sum_rows(notes.next(), byGroup);
    long mask = Ggml.ggml_reshape_3d(notes.next(), kept, 1, groups, x.rows());
    long grouped =
        Ggml.ggml_reshape_3d(notes.next(), x.tensor(), x.width() / groups, groups, x.rows());
    long result;
    if (fill == Double.NEGATIVE_INFINITY) {
      // Adds log 1 = 0 or log 0, which leaves no 0 times infinity.
      result = Ggml.ggml_add(notes.next(), grouped, Ggml.ggml_log(notes.next(), mask));
    } else {
      // x * mask + (fill - mask * fill)
      long filled = Ggml.ggml_scale(notes.next(), mask, (float) -fill);
      long rest = Ggml.ggml_add(notes.next(), filled, constant(List.of((float) fill)));
      long own = Ggml.ggml_mul(notes.next(), grouped, mask);
      result = Ggml.ggml_add(notes.next(), own, rest);
    }
    return new Node(
        Ggml.ggml_reshape_2d(notes.next(), result, x.width(), x.rows()), x.width(), x.rows());
  }

  private static List<Float> identity(int n) {
    List<Float> values = new ArrayList<>();
    for (int i = 0; i < n * n; i++) {
      values.add(i % (n + 1) == 0 ? 1f : 0f);
    }
    return values;
  }

  private long constant(List<Float> square) {
    try {
      return weights.constant(square, true);
    } catch (InsufficientMemoryException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
