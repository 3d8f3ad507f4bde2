package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.GgmlTensor;
import dev.brigade.engine.ggml.binding.GraphNotes;
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
    GgmlTensor rows = notes.reshape(x.tensor(), x.width(), 1, x.rows());
    GgmlTensor gate = project(rows, ids, stacks.gate(), biases.map(ExpertStacks.Biases::gate));
    GgmlTensor up = project(rows, ids, stacks.up(), biases.map(ExpertStacks.Biases::up));
    GgmlTensor inner = activations.gated(gate, up, activation);
    GgmlTensor outer = project(inner, ids, stacks.down(), biases.map(ExpertStacks.Biases::down));
    GgmlTensor shares = notes.reshape(chosen.tensor(), 1, ids.width(), x.rows());
    GgmlTensor weighed = notes.mul(outer, shares);
    return new Node(sum(weighed, x, ids.width()), x.width(), x.rows());
  }

  /** {@code [rows, k or 1, in]} to {@code [rows, k, out]}. */
  private GgmlTensor project(GgmlTensor x, Node ids, Weight stack, Optional<Weight> bias) {
    GgmlTensor product = notes.mulMatId(weights.tensor(stack, WeightUse.EXPERTS), x, ids.tensor());
    if (bias.isEmpty()) {
      return product;
    }
    GgmlTensor table = weights.tensor(bias.get(), WeightUse.EXPERT_BIAS);
    if (current) {
      return notes.addId(product, table, ids.tensor());
    }
    long out = stack.shape().get(1);
    GgmlTensor flat = notes.reshape(ids.tensor(), (long) ids.width() * ids.rows(), 1);
    GgmlTensor rows = notes.getRows(table, flat);
    return notes.add(product, notes.reshape(rows, out, ids.width(), ids.rows()));
  }

  /** Sum over the experts of each row. */
  private GgmlTensor sum(GgmlTensor weighed, Node x, int k) {
    long stride = (long) x.width() * F32_BYTES;
    GgmlTensor sum = notes.view(weighed, x.width(), x.rows(), k * stride, 0);
    for (int j = 1; j < k; j++) {
      sum = notes.add(sum, notes.view(weighed, x.width(), x.rows(), k * stride, j * stride));
    }
    return k == 1 ? notes.cont(sum) : sum;
  }
}
