package dev.brigade.testkit.reference;

import dev.brigade.model.decoder.TensorOps.TopK;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Choosing among the columns of each row. */
final class Routing {
  private Routing() {}

  static Matrix softmax(Matrix x) {
    Matrix y = new Matrix(x.rows(), x.width());
    for (int row = 0; row < x.rows(); row++) {
      float largest = Float.NEGATIVE_INFINITY;
      for (int column = 0; column < x.width(); column++) {
        largest = Math.max(largest, x.at(row, column));
      }
      double sum = 0;
      for (int column = 0; column < x.width(); column++) {
        sum += Math.exp(x.at(row, column) - largest);
      }
      for (int column = 0; column < x.width(); column++) {
        y.set(row, column, (float) (Math.exp(x.at(row, column) - largest) / sum));
      }
    }
    return y;
  }

  static Matrix sum(Matrix x) {
    Matrix y = new Matrix(x.rows(), 1);
    for (int row = 0; row < x.rows(); row++) {
      double sum = 0;
      for (int column = 0; column < x.width(); column++) {
        sum += x.at(row, column);
      }
      y.set(row, 0, (float) sum);
    }
    return y;
  }

  static TopK<Matrix> topK(Matrix x, int k) {
    Matrix values = new Matrix(x.rows(), k);
    Matrix ids = new Matrix(x.rows(), k);
    for (int row = 0; row < x.rows(); row++) {
      int r = row;
      // The sort is stable: of equal ones, the lower column comes first.
      int[] largest =
          IntStream.range(0, x.width())
              .boxed()
              .sorted(Comparator.comparing((Integer column) -> x.at(r, column)).reversed())
              .mapToInt(Integer::intValue)
              .limit(k)
              .toArray();
      for (int j = 0; j < k; j++) {
        values.set(row, j, x.at(row, largest[j]));
        ids.set(row, j, largest[j]);
      }
    }
    return new TopK<>(values, ids);
  }

  static Matrix gather(Matrix x, Matrix ids) {
    return Elements.map(ids, (id, row, column) -> x.at(row, (int) id));
  }

  static Matrix keepGroups(Matrix x, Matrix chosen, int groups, float fill) {
    int size = x.width() / groups;
    Matrix y = new Matrix(x.rows(), x.width());
    Arrays.fill(y.values(), fill);
    for (int row = 0; row < x.rows(); row++) {
      for (int j = 0; j < chosen.width(); j++) {
        int at = row * x.width() + chosen.index(row, j) * size;
        System.arraycopy(x.values(), at, y.values(), at, size);
      }
    }
    return y;
  }
}
