package dev.brigade.model.decoder;

import dev.brigade.model.weights.Weight;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Replays a recipe to see what it does with its weights; computes nothing. A value is the matrix
 * whose products it holds, as long as nothing else was done to them.
 */
public final class WeightUses implements TensorOps<Optional<Weight>> {
  private static final Optional<Weight> OTHER = Optional.empty();

  private final Map<Weight, Set<WeightUse>> uses = new LinkedHashMap<>();

  private WeightUses() {}

  /** The weights of the layers {@code [first, last)} and their ends, in the order of first use. */
  public static Map<Weight, Set<WeightUse>> ofShard(Decoder decoder, int first, int last) {
    WeightUses uses = new WeightUses();
    decoder.shard(uses, first, last, OTHER);
    // What decides is never rounded, so a router is not also an ordinary matrix.
    uses.uses.values().stream()
        .filter(of -> of.contains(WeightUse.ROUTER))
        .forEach(of -> of.remove(WeightUse.MATRIX));
    return uses.uses;
  }

  private Optional<Weight> used(Weight weight, WeightUse use) {
    uses.computeIfAbsent(weight, key -> EnumSet.noneOf(WeightUse.class)).add(use);
    return OTHER;
  }

  private Optional<Weight> decide(Optional<Weight> scores) {
    scores.ifPresent(weight -> used(weight, WeightUse.ROUTER));
    return OTHER;
  }

  @Override
  public Optional<Weight> embedding(Weight table, Optional<Weight> ids) {
    return used(table, WeightUse.TABLE);
  }

  @Override
  public Optional<Weight> linear(Optional<Weight> x, Weight weight) {
    used(weight, WeightUse.MATRIX);
    return Optional.of(weight);
  }

  @Override
  public Optional<Weight> linear(Optional<Weight> x, Weight weight, Weight bias) {
    used(bias, WeightUse.VECTOR);
    return linear(x, weight);
  }

  @Override
  public Optional<Weight> addRow(Optional<Weight> x, Weight row) {
    return used(row, WeightUse.VECTOR);
  }

  @Override
  public Optional<Weight> rmsNorm(Optional<Weight> x, Weight weight, double epsilon) {
    return used(weight, WeightUse.VECTOR);
  }

  @Override
  public Optional<Weight> columns(Optional<Weight> x, int from, int to) {
    return x;
  }

  @Override
  public Optional<Weight> concat(List<Optional<Weight>> parts) {
    return OTHER;
  }

  @Override
  public Optional<Weight> add(Optional<Weight> a, Optional<Weight> b) {
    return OTHER;
  }

  @Override
  public Optional<Weight> multiply(Optional<Weight> a, Optional<Weight> b) {
    return OTHER;
  }

  @Override
  public Optional<Weight> divide(Optional<Weight> a, Optional<Weight> b) {
    return OTHER;
  }

  @Override
  public Optional<Weight> scale(Optional<Weight> x, double factor) {
    return x;
  }

  @Override
  public Optional<Weight> clamp(Optional<Weight> x, double low, double high) {
    return OTHER;
  }

  @Override
  public Optional<Weight> silu(Optional<Weight> x) {
    return OTHER;
  }

  @Override
  public Optional<Weight> gelu(Optional<Weight> x) {
    return OTHER;
  }

  @Override
  public Optional<Weight> sigmoid(Optional<Weight> x) {
    return decide(x);
  }

  @Override
  public Optional<Weight> tanh(Optional<Weight> x) {
    return OTHER;
  }

  @Override
  public Optional<Weight> softcap(Optional<Weight> x, double limit) {
    return OTHER;
  }

  @Override
  public Optional<Weight> gated(Optional<Weight> gate, Optional<Weight> up, Activation activation) {
    return OTHER;
  }

  @Override
  public Optional<Weight> softmax(Optional<Weight> x) {
    return decide(x);
  }

  @Override
  public Optional<Weight> sum(Optional<Weight> x) {
    return OTHER;
  }

  @Override
  public TopK<Optional<Weight>> topK(Optional<Weight> x, int k) {
    return new TopK<>(decide(x), OTHER);
  }

  @Override
  public Optional<Weight> gather(Optional<Weight> x, Optional<Weight> ids) {
    return OTHER;
  }

  @Override
  public Optional<Weight> keepGroups(
      Optional<Weight> x, Optional<Weight> chosen, int groups, double fill) {
    return OTHER;
  }

  @Override
  public Optional<Weight> experts(
      Optional<Weight> x,
      Optional<Weight> ids,
      Optional<Weight> weights,
      ExpertStacks stacks,
      Activation activation) {
    used(stacks.gate(), WeightUse.EXPERTS);
    used(stacks.up(), WeightUse.EXPERTS);
    used(stacks.down(), WeightUse.EXPERTS);
    stacks
        .biases()
        .ifPresent(
            biases -> {
              used(biases.gate(), WeightUse.EXPERT_BIAS);
              used(biases.up(), WeightUse.EXPERT_BIAS);
              used(biases.down(), WeightUse.EXPERT_BIAS);
            });
    return OTHER;
  }

  @Override
  public Optional<Weight> rope(Optional<Weight> x, RopeSpec spec) {
    return OTHER;
  }

  @Override
  public Optional<Weight> attention(
      int layer, Optional<Weight> q, Optional<Weight> k, Optional<Weight> v, AttentionSpec spec) {
    spec.sinks().ifPresent(sinks -> used(sinks, WeightUse.SINKS));
    return OTHER;
  }

  @Override
  public Optional<Weight> joinHeads(
      Optional<Weight> a, Optional<Weight> b, int heads, boolean bShared) {
    return OTHER;
  }

  @Override
  public Optional<Weight> outputs(Optional<Weight> x) {
    return x;
  }
}
