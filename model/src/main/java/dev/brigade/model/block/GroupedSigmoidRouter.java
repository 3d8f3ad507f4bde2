package dev.brigade.model.block;

import dev.brigade.model.decoder.TensorOps;
import dev.brigade.model.weights.Weight;
import java.util.ArrayList;
import java.util.List;

/**
 * DeepSeek-V3's router (DeepSeek-AI 2024, section 2.1.2): experts are scored by a sigmoid; first
 * the best groups of experts are chosen, by the sum of their two best scores, then the best experts
 * in them. A bias, learned to spread the load, counts in choosing but not in weighing.
 *
 * @param scores {@code width} to the number of experts
 * @param bias {@code [experts]}
 * @param groups number of groups, of equal size
 * @param chosenGroups groups for each token
 * @param k experts for each token
 * @param normalized whether the chosen ones' weights are made to sum to 1
 * @param scale factor on the weights
 */
public record GroupedSigmoidRouter(
    Projection scores,
    Weight bias,
    int groups,
    int chosenGroups,
    int k,
    boolean normalized,
    double scale)
    implements Router {
  /** Keeps a sum of vanishing scores from dividing by zero. */
  private static final double LEAST_SUM = 1e-20;

  @Override
  public <T> Choice<T> choose(TensorOps<T> ops, T x) {
    T score = ops.sigmoid(scores.apply(ops, x));
    T biased = ops.addRow(score, bias);
    if (groups > 1) {
      T best = ops.topK(groupScores(ops, biased), chosenGroups).ids();
      biased = ops.keepGroups(biased, best, groups, Double.NEGATIVE_INFINITY);
    }
    T ids = ops.topK(biased, k).ids();
    T weights = ops.gather(score, ids);
    if (normalized) {
      T sum = ops.clamp(ops.sum(weights), LEAST_SUM, Double.POSITIVE_INFINITY);
      weights = ops.divide(weights, sum);
    }
    return new Choice<>(ids, ops.scale(weights, scale));
  }

  private <T> T groupScores(TensorOps<T> ops, T biased) {
    int size = Math.toIntExact(bias.elements()) / groups;
    List<T> sums = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      T ofGroup = ops.columns(biased, group * size, (group + 1) * size);
      sums.add(ops.sum(ops.topK(ofGroup, 2).values()));
    }
    return ops.concat(sums);
  }
}
