package dev.brigade.testkit.reference;

import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.ExpertStacks;
import dev.brigade.model.decoder.TensorOps;
import dev.brigade.model.weights.Weight;
import java.util.Optional;
import java.util.function.Function;

/** The experts of one layer, row by row. */
record Experts(
    TensorOps<Matrix> ops,
    Function<Weight, float[]> values,
    ExpertStacks stacks,
    Activation activation) {

  /** {@code Σ_j chosen[row, j] * expert(ids[row, j], x[row])}. */
  Matrix apply(Matrix x, Matrix ids, Matrix chosen) {
    Matrix y = new Matrix(x.rows(), x.width());
    for (int row = 0; row < x.rows(); row++) {
      Matrix one = new Matrix(1, x.width());
      System.arraycopy(x.values(), row * x.width(), one.values(), 0, x.width());
      for (int j = 0; j < ids.width(); j++) {
        Matrix result = expert(ids.index(row, j), one);
        for (int column = 0; column < x.width(); column++) {
          float sum = y.at(row, column) + chosen.at(row, j) * result.at(0, column);
          y.set(row, column, sum);
        }
      }
    }
    return y;
  }

  private Matrix expert(int expert, Matrix x) {
    Optional<ExpertStacks.Biases> biases = stacks.biases();
    Matrix gate = linear(x, stacks.gate(), biases.map(ExpertStacks.Biases::gate), expert);
    Matrix up = linear(x, stacks.up(), biases.map(ExpertStacks.Biases::up), expert);
    Matrix joined = ops.gated(gate, up, activation);
    return linear(joined, stacks.down(), biases.map(ExpertStacks.Biases::down), expert);
  }

  private Matrix linear(Matrix x, Weight stack, Optional<Weight> biases, int expert) {
    int out = Math.toIntExact(stack.shape().get(1));
    float[] w = values.apply(stack);
    Matrix y = new Matrix(1, out);
    for (int o = 0; o < out; o++) {
      float bias = biases.isPresent() ? values.apply(biases.get())[expert * out + o] : 0;
      int begin = (expert * out + o) * x.width();
      y.set(0, o, bias + Dot.product(x.values(), 0, w, begin, x.width()));
    }
    return y;
  }
}
