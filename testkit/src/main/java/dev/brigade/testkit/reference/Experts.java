package dev.brigade.testkit.reference;

import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.ExpertStacks;
import dev.brigade.model.decoder.TensorOps;
import dev.brigade.model.weights.Weight;
import java.util.Optional;
import java.util.function.Function;

/** The experts of one layer, row by row. */
final class Experts {
  private final TensorOps<Matrix> ops;
  private final Activation activation;
  private final Projections gate;
  private final Projections up;
  private final Projections down;

  Experts(
      TensorOps<Matrix> ops,
      Function<Weight, float[]> values,
      ExpertStacks stacks,
      Activation activation) {
    this.ops = ops;
    this.activation = activation;
    Optional<ExpertStacks.Biases> biases = stacks.biases();
    gate = projections(stacks.gate(), biases.map(ExpertStacks.Biases::gate), values);
    up = projections(stacks.up(), biases.map(ExpertStacks.Biases::up), values);
    down = projections(stacks.down(), biases.map(ExpertStacks.Biases::down), values);
  }

  private static Projections projections(
      Weight stack, Optional<Weight> bias, Function<Weight, float[]> values) {
    return new Projections(
        Math.toIntExact(stack.shape().get(1)), values.apply(stack), bias.map(values));
  }

  /** {@code Σ_j chosen[row, j] * expert(ids[row, j], x[row])}. */
  Matrix apply(Matrix x, Matrix ids, Matrix chosen) {
    Matrix y = new Matrix(x.rows(), x.width());
    for (int row = 0; row < x.rows(); row++) {
      Matrix one = new Matrix(1, x.width());
      System.arraycopy(x.values(), row * x.width(), one.values(), 0, x.width());
      for (int j = 0; j < ids.width(); j++) {
        int expert = ids.index(row, j);
        Matrix inner = ops.gated(gate.apply(expert, one), up.apply(expert, one), activation);
        Matrix result = down.apply(expert, inner);
        for (int column = 0; column < x.width(); column++) {
          float sum = y.at(row, column) + chosen.at(row, j) * result.at(0, column);
          y.set(row, column, sum);
        }
      }
    }
    return y;
  }

  /**
   * The same projection of all experts.
   *
   * @param out elements that it gives
   */
  private record Projections(int out, float[] weights, Optional<float[]> biases) {

    Matrix apply(int expert, Matrix x) {
      Matrix y = new Matrix(1, out);
      for (int o = 0; o < out; o++) {
        int row = expert * out + o;
        float bias = biases.isPresent() ? biases.get()[row] : 0;
        y.set(0, o, bias + Dot.product(x.values(), 0, weights, row * x.width(), x.width()));
      }
      return y;
    }
  }
}
