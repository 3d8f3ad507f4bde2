package dev.brigade.model.decoder;

import dev.brigade.model.weights.Weight;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Replays a recipe to see which weights it asks for; computes nothing and needs no files. */
public final class WeightCensus implements TensorOps<WeightCensus.Nothing> {
  private final Set<Weight> weights = new LinkedHashSet<>();
  private final Map<Weight, Double> shares = new HashMap<>();
  private int chosen;

  /** Stands for every tensor. */
  public enum Nothing {
    NOTHING
  }

  private WeightCensus() {}

  /** The weights that something done with the operations asks for, in order. */
  public static Set<Weight> of(Consumer<TensorOps<Nothing>> replay) {
    WeightCensus census = new WeightCensus();
    replay.accept(census);
    return census.weights;
  }

  /**
   * Elements of the weights that a single token goes through: of a stack of experts, those that are
   * chosen for it.
   */
  public static long elementsForAToken(Consumer<TensorOps<Nothing>> replay) {
    WeightCensus census = new WeightCensus();
    replay.accept(census);
    return census.weights.stream()
        .mapToLong(
            weight -> Math.round(weight.elements() * census.shares.getOrDefault(weight, 1.0)))
        .sum();
  }

  /** The weights of the layers {@code [first, last)}, with embedding and head where they belong. */
  public static Set<Weight> ofShard(Decoder decoder, int first, int last) {
    return of(ops -> decoder.shard(ops, first, last, Nothing.NOTHING));
  }

  private Nothing seen(Weight... asked) {
    weights.addAll(Arrays.asList(asked));
    return Nothing.NOTHING;
  }

  @Override
  public Nothing embedding(Weight table, Nothing ids) {
    return seen(table);
  }

  @Override
  public Nothing linear(Nothing x, Weight weight) {
    return seen(weight);
  }

  @Override
  public Nothing addRow(Nothing x, Weight row) {
    return seen(row);
  }

  @Override
  public Nothing rmsNorm(Nothing x, Weight weight, double epsilon) {
    return seen(weight);
  }

  @Override
  public Nothing columns(Nothing x, int from, int to) {
    return x;
  }

  @Override
  public Nothing concat(List<Nothing> parts) {
    return Nothing.NOTHING;
  }

  @Override
  public Nothing add(Nothing a, Nothing b) {
    return a;
  }

  @Override
  public Nothing multiply(Nothing a, Nothing b) {
    return a;
  }

  @Override
  public Nothing divide(Nothing a, Nothing b) {
    return a;
  }

  @Override
  public Nothing scale(Nothing x, double factor) {
    return x;
  }

  @Override
  public Nothing clamp(Nothing x, double low, double high) {
    return x;
  }

  @Override
  public Nothing silu(Nothing x) {
    return x;
  }

  @Override
  public Nothing gelu(Nothing x) {
    return x;
  }

  @Override
  public Nothing sigmoid(Nothing x) {
    return x;
  }

  @Override
  public Nothing tanh(Nothing x) {
    return x;
  }

  @Override
  public Nothing softmax(Nothing x) {
    return x;
  }

  @Override
  public Nothing sum(Nothing x) {
    return x;
  }

  @Override
  public TopK<Nothing> topK(Nothing x, int k) {
    chosen = k;
    return new TopK<>(x, x);
  }

  @Override
  public Nothing gather(Nothing x, Nothing ids) {
    return x;
  }

  @Override
  public Nothing keepGroups(Nothing x, Nothing chosen, int groups, double fill) {
    return x;
  }

  @Override
  public Nothing experts(
      Nothing x, Nothing ids, Nothing weighed, ExpertStacks stacks, Activation activation) {
    // The last choice before is that of the experts, whatever was chosen of groups before it.
    for (Weight stack : List.of(stacks.gate(), stacks.up(), stacks.down())) {
      shares.put(stack, Math.min(1.0, (double) chosen / stack.shape().get(0)));
    }
    stacks.biases().ifPresent(biases -> seen(biases.gate(), biases.up(), biases.down()));
    return seen(stacks.gate(), stacks.up(), stacks.down());
  }

  @Override
  public Nothing rope(Nothing x, RopeSpec spec) {
    return x;
  }

  @Override
  public Nothing attention(int layer, Nothing q, Nothing k, Nothing v, AttentionSpec spec) {
    spec.sinks().ifPresent(this::seen);
    return q;
  }

  @Override
  public Nothing joinHeads(Nothing a, Nothing b, int heads, boolean bShared) {
    return a;
  }

  @Override
  public Nothing outputs(Nothing x) {
    return x;
  }
}
