package dev.brigade.engine.ggml;

import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.ExpertStacks;
import dev.brigade.model.decoder.WeightUse;
import dev.brigade.model.weights.Weight;
import java.util.Optional;

/** Notes a mixture of experts: every row times the matrices of its experts. */
final class ExpertNotes {
  private static final int F32_BYTES = 4;

  private final GraphNotes notes;
  private final ShardWeights weights;
  private final ActivationNotes activations;
  private final boolean current;

  ExpertNotes(
      GraphNotes notes, ShardWeights weights, ActivationNotes activations, boolean current) {
    this.notes = notes;
    this.weights = weights;
    this.activations = activations;
    this.current = current;
  }

  Node experts(Node x, Node ids, Node chosen, ExpertStacks stacks, Activation activation) {
    Optional<ExpertStacks.Biases> biases = stacks.biases();
    long rows = Ggml.ggml_reshape_3d(notes.next(), x.tensor(), x.width(), 1, x.rows());
    long gate = project(rows, ids, stacks.gate(), biases.map(ExpertStacks.Biases::gate));
    long up = project(rows, ids, stacks.up(), biases.map(ExpertStacks.Biases::up));
    long inner = activations.gated(gate, up, activation);
    long outer = project(inner, ids, stacks.down(), biases.map(ExpertStacks.Biases::down));
    long shares = Ggml.ggml_reshape_3d(notes.next(), chosen.tensor(), 1, ids.width(), x.rows());
    long weighed = Ggml.ggml_mul(notes.next(), outer, shares);
    return new Node(sum(weighed, x, ids.width()), x.width(), x.rows());
  }

  /** {@code [rows, k or 1, in]} to {@code [rows, k, out]}. */
  private long project(long x, Node ids, Weight stack, Optional<Weight> bias) {
    long product =
        Ggml.ggml_mul_mat_id(
            notes.next(), weights.tensor(stack, WeightUse.EXPERTS), x, ids.tensor());
    if (bias.isEmpty()) {
      return product;
    }
    long table = weights.tensor(bias.get(), WeightUse.EXPERT_BIAS);
    if (current) {
      return GgmlCurrent.ggml_add_id(notes.next(), product, table, ids.tensor());
    }
    long out = stack.shape().get(1);
    long flat =
        Ggml.ggml_reshape_2d(notes.next(), ids.tensor(), (long) ids.width() * ids.rows(), 1);
    long rows = Ggml.ggml_get_rows(notes.next(), table, flat);
    return Ggml.ggml_add(
        notes.next(),
        product,
        Ggml.ggml_reshape_3d(notes.next(), rows, out, ids.width(), ids.rows()));
  }

  /** Sum over the experts of each row. */
  private long sum(long weighed, Node x, int k) {
    long stride = (long) x.width() * F32_BYTES;
    long sum = 0;
    for (int j = 0; j < k; j++) {
      long view =
          Ggml.ggml_view_2d(notes.next(), weighed, x.width(), x.rows(), k * stride, j * stride);
      sum = j == 0 ? view : Ggml.ggml_add(notes.next(), sum, view);
    }
    return k == 1 ? Ggml.ggml_cont(notes.next(), sum) : sum;
  }
}
