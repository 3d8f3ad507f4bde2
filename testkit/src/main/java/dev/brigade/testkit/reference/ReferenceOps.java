package dev.brigade.testkit.reference;

import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.AttentionSpec;
import dev.brigade.model.decoder.ExpertStacks;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.decoder.TensorOps;
import dev.brigade.model.weights.Weight;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The operations over one pass, computed at once. */
final class ReferenceOps implements TensorOps<Matrix> {
  private final Map<Weight, float[]> weights;
  private final PassRows rows;
  private final RoutingObserver observer;

  ReferenceOps(Map<Weight, float[]> weights, PassRows rows, RoutingObserver observer) {
    this.weights = weights;
    this.rows = rows;
    this.observer = observer;
  }

  private float[] values(Weight weight) {
    float[] values = weights.get(weight);
    if (values == null) {
      throw new IllegalStateException("weight " + weight + " was not loaded");
    }
    return values;
  }

  @Override
  public Matrix embedding(Weight table, Matrix ids) {
    int width = Math.toIntExact(table.shape().get(1));
    Matrix y = new Matrix(ids.rows(), width);
    for (int row = 0; row < ids.rows(); row++) {
      System.arraycopy(values(table), ids.index(row, 0) * width, y.values(), row * width, width);
    }
    return y;
  }

  @Override
  public Matrix linear(Matrix x, Weight weight) {
    int out = Math.toIntExact(weight.shape().get(0));
    float[] w = values(weight);
    Matrix y = new Matrix(x.rows(), out);
    for (int row = 0; row < x.rows(); row++) {
      for (int o = 0; o < out; o++) {
        y.set(row, o, Dot.product(x.values(), row * x.width(), w, o * x.width(), x.width()));
      }
    }
    return y;
  }

  @Override
  public Matrix addRow(Matrix x, Weight row) {
    float[] added = values(row);
    return Elements.map(x, (value, r, column) -> value + added[column]);
  }

  @Override
  public Matrix rmsNorm(Matrix x, Weight weight, double epsilon) {
    float[] w = values(weight);
    Matrix y = new Matrix(x.rows(), x.width());
    for (int at = 0; at < x.values().length; at += w.length) {
      double squares = 0;
      for (int i = 0; i < w.length; i++) {
        squares += (double) x.values()[at + i] * x.values()[at + i];
      }
      float scale = (float) (1 / Math.sqrt(squares / w.length + epsilon));
      for (int i = 0; i < w.length; i++) {
        y.values()[at + i] = x.values()[at + i] * scale * w[i];
      }
    }
    return y;
  }

  @Override
  public Matrix columns(Matrix x, int from, int to) {
    Matrix y = new Matrix(x.rows(), to - from);
    for (int row = 0; row < x.rows(); row++) {
      System.arraycopy(x.values(), row * x.width() + from, y.values(), row * y.width(), y.width());
    }
    return y;
  }

  @Override
  public Matrix concat(List<Matrix> parts) {
    Matrix y = new Matrix(parts.get(0).rows(), parts.stream().mapToInt(Matrix::width).sum());
    int begin = 0;
    for (Matrix part : parts) {
      for (int row = 0; row < part.rows(); row++) {
        System.arraycopy(
            part.values(), row * part.width(), y.values(), row * y.width() + begin, part.width());
      }
      begin += part.width();
    }
    return y;
  }

  @Override
  public Matrix add(Matrix a, Matrix b) {
    return Elements.join(a, b, (x, y) -> x + y);
  }

  @Override
  public Matrix multiply(Matrix a, Matrix b) {
    return Elements.join(a, b, (x, y) -> x * y);
  }

  @Override
  public Matrix divide(Matrix a, Matrix b) {
    return Elements.join(a, b, (x, y) -> x / y);
  }

  @Override
  public Matrix scale(Matrix x, double factor) {
    return Elements.map(x, value -> value * (float) factor);
  }

  @Override
  public Matrix clamp(Matrix x, double low, double high) {
    return Elements.map(x, value -> Math.min((float) high, Math.max((float) low, value)));
  }

  @Override
  public Matrix silu(Matrix x) {
    return Elements.map(x, Elements::silu);
  }

  @Override
  public Matrix gelu(Matrix x) {
    return Elements.map(x, Elements::gelu);
  }

  @Override
  public Matrix sigmoid(Matrix x) {
    return Elements.map(x, Elements::sigmoid);
  }

  @Override
  public Matrix tanh(Matrix x) {
    return Elements.map(x, value -> (float) Math.tanh(value));
  }

  @Override
  public Matrix softmax(Matrix x) {
    return Routing.softmax(x);
  }

  @Override
  public Matrix sum(Matrix x) {
    return Routing.sum(x);
  }

  @Override
  public TopK<Matrix> topK(Matrix x, int k) {
    for (int row = 0; row < x.rows(); row++) {
      int begin = row * x.width();
      observer.chosen(row, Arrays.copyOfRange(x.values(), begin, begin + x.width()), k);
    }
    return Routing.topK(x, k);
  }

  @Override
  public Matrix gather(Matrix x, Matrix ids) {
    return Routing.gather(x, ids);
  }

  @Override
  public Matrix keepGroups(Matrix x, Matrix chosen, int groups, double fill) {
    return Routing.keepGroups(x, chosen, groups, (float) fill);
  }

  @Override
  public Matrix experts(
      Matrix x, Matrix ids, Matrix chosen, ExpertStacks stacks, Activation activation) {
    return new Experts(this, this::values, stacks, activation).apply(x, ids, chosen);
  }

  @Override
  public Matrix rope(Matrix x, RopeSpec spec) {
    return Rotary.rotate(x, spec, rows);
  }

  @Override
  public Matrix attention(int layer, Matrix q, Matrix k, Matrix v, AttentionSpec spec) {
    float[] sinks = spec.sinks().map(this::values).orElse(new float[0]);
    return new CachedAttention(layer, spec, sinks).apply(q, k, v, rows);
  }

  @Override
  public Matrix joinHeads(Matrix a, Matrix b, int heads, boolean bShared) {
    int n = a.width() / heads;
    int m = bShared ? b.width() : b.width() / heads;
    Matrix y = new Matrix(a.rows(), heads * (n + m));
    for (int row = 0; row < a.rows(); row++) {
      for (int head = 0; head < heads; head++) {
        int at = row * y.width() + head * (n + m);
        int ofB = row * b.width() + (bShared ? 0 : head * m);
        System.arraycopy(a.values(), row * a.width() + head * n, y.values(), at, n);
        System.arraycopy(b.values(), ofB, y.values(), at + n, m);
      }
    }
    return y;
  }

  @Override
  public Matrix outputs(Matrix x) {
    return rows.outputs(x);
  }
}
