package dev.brigade.cluster.plan;

import dev.brigade.spi.partition.Demand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The best cuts for nodes in a given order, by dynamic programming over stages and layers: {@code
 * best[i][b]} is the best of the first {@code i + 1} nodes over layers {@code [0, b)}, so {@code
 * k·L²/2} steps for {@code k} nodes and {@code L} layers. Exact for one stream's time; for the flow
 * exact in its first figure, the slowest stage.
 */
final class BestCuts {
  private final Candidates candidates;
  private final boolean latency;

  BestCuts(Candidates candidates, Demand.Goal goal) {
    this.candidates = candidates;
    this.latency = goal == Demand.Goal.LATENCY;
  }

  /**
   * @param order numbers of the candidates, each of which gets a layer at least
   * @param budgets bytes that each may use
   * @return the best; empty if nothing fits
   */
  Optional<Arrangement> of(int[] order, long[] budgets) {
    int layers = candidates.layers();
    int stages = order.length;
    double[][] sum = new double[stages][layers + 1];
    double[][] most = new double[stages][layers + 1];
    int[][] from = new int[stages][layers + 1];
    for (int i = 0; i < stages; i++) {
      Arrays.fill(sum[i], Double.POSITIVE_INFINITY);
      Arrays.fill(most[i], Double.POSITIVE_INFINITY);
      boolean tail = i + 1 == stages;
      int next = order[tail ? 0 : i + 1];
      double hop = tail ? candidates.handBack(order[i], next) : candidates.handOn(order[i], next);
      double busy = tail ? 0 : candidates.transfer(order[i], next);
      for (int a = i; a <= (i == 0 ? 0 : layers - stages + i); a++) {
        if (i > 0 && sum[i - 1][a] == Double.POSITIVE_INFINITY) {
          continue;
        }
        double sumBefore = i == 0 ? 0 : sum[i - 1][a];
        double mostBefore = i == 0 ? 0 : most[i - 1][a];
        int lastEnd = layers - (stages - 1 - i);
        for (int b = tail ? layers : a + 1; b <= lastEnd; b++) {
          if (candidates.bytes(order[i], a, b) > budgets[i]) {
            break;
          }
          double compute = candidates.compute(order[i], a, b);
          double newSum = sumBefore + compute + hop;
          double newMost = Math.max(mostBefore, Math.max(compute, busy));
          if (isBetter(newSum, newMost, sum[i][b], most[i][b])) {
            sum[i][b] = newSum;
            most[i][b] = newMost;
            from[i][b] = a;
          }
        }
      }
    }
    if (sum[stages - 1][layers] == Double.POSITIVE_INFINITY) {
      return Optional.empty();
    }
    List<Integer> cuts = new ArrayList<>();
    for (int i = stages - 1, b = layers; i >= 0; b = from[i][b], i--) {
      cuts.add(0, b);
    }
    List<Integer> nodes = Arrays.stream(order).boxed().toList();
    return Optional.of(Arrangement.of(candidates, nodes, cuts));
  }

  private boolean isBetter(double sum, double most, double oldSum, double oldMost) {
    double first = latency ? sum - oldSum : most - oldMost;
    double second = latency ? most - oldMost : sum - oldSum;
    return oldSum == Double.POSITIVE_INFINITY || first < 0 || (first == 0 && second < 0);
  }
}
