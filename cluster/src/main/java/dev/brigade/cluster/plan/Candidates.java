package dev.brigade.cluster.plan;

import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.transport.NodeInfo;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes that a search chooses from, by number: the fastest first, then those with more memory,
 * then by id, whatever the order of the view. Times between all pairs are looked up once.
 */
final class Candidates {
  private final StageCosts costs;
  private final int layers;
  private final List<Candidate> all;
  private final double[][] handOn;
  private final double[][] transfer;
  private final double[][] handBack;
  private final double[][] secondsBefore;

  /**
   * A node that could take a stage.
   *
   * @param budget bytes it may use when it is alone on its machine
   * @param layerSeconds a bound from below of one layer's time
   * @param mostLayers a bound from above of the layers that fit
   */
  record Candidate(
      NodeInfo node, EngineProfile.Cost cost, long budget, double layerSeconds, int mostLayers) {}

  Candidates(List<NodeInfo> nodes, StageCosts costs, Timings timings, int layers) {
    this.costs = costs;
    this.layers = layers;
    all =
        nodes.stream()
            .map(node -> candidate(node, timings))
            .sorted(
                Comparator.comparingDouble(Candidate::layerSeconds)
                    .thenComparing(Comparator.comparingLong(Candidate::budget).reversed())
                    .thenComparing(candidate -> candidate.node().id()))
            .toList();
    handOn = new double[all.size()][all.size()];
    transfer = new double[all.size()][all.size()];
    handBack = new double[all.size()][all.size()];
    secondsBefore = new double[all.size()][layers + 1];
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < all.size(); j++) {
        NodeInfo from = all.get(i).node();
        NodeInfo to = all.get(j).node();
        var type = PlanAssembly.linkType(all.get(i).cost(), to);
        handOn[i][j] = timings.handOn(from, to, type);
        transfer[i][j] = timings.transfer(from, to, type);
        handBack[i][j] = timings.handBack(from, to);
      }
      NodeInfo node = all.get(i).node();
      EngineProfile.Cost cost = all.get(i).cost();
      for (int layer = 1; layer <= layers; layer++) {
        secondsBefore[i][layer] = timings.layerSeconds(node, cost, 0, layer);
      }
    }
  }

  private Candidate candidate(NodeInfo node, Timings timings) {
    EngineProfile.Cost cost = costs.cost(node).orElseThrow();
    long budget = Math.min(node.memoryBytes(), node.machine().memoryBytes());
    double fastest = Double.POSITIVE_INFINITY;
    for (int layer = 0; layer < layers; layer++) {
      // Without the head, which layerSeconds counts to the last layer.
      double seconds = timings.layerSeconds(node, cost, layer, layer + 1);
      fastest = Math.min(fastest, layer + 1 < layers || layers == 1 ? seconds : fastest);
    }
    return new Candidate(node, cost, budget, fastest, mostLayers(node, cost, budget));
  }

  private int mostLayers(NodeInfo node, EngineProfile.Cost cost, long budget) {
    int most = 0;
    int first = 0;
    for (int last = 1; last <= layers; last++) {
      while (first < last && costs.bytes(node, cost, first, last) > budget) {
        first++;
      }
      most = Math.max(most, last - first);
    }
    return most;
  }

  int size() {
    return all.size();
  }

  int layers() {
    return layers;
  }

  Candidate get(int number) {
    return all.get(number);
  }

  int number(NodeInfo node) {
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).node().equals(node)) {
        return i;
      }
    }
    throw new IllegalArgumentException("node " + node.id() + " is no candidate");
  }

  List<Candidate> all() {
    return all;
  }

  double handOn(int from, int to) {
    return handOn[from][to];
  }

  double transfer(int from, int to) {
    return transfer[from][to];
  }

  double handBack(int from, int to) {
    return handBack[from][to];
  }

  double compute(int number, int first, int last) {
    return Timings.PASS_SECONDS + secondsBefore[number][last] - secondsBefore[number][first];
  }

  long bytes(int number, int first, int last) {
    Candidate candidate = all.get(number);
    return costs.bytes(candidate.node(), candidate.cost(), first, last);
  }

  /** What each of a set may use: nodes of one machine share its memory in proportion to theirs. */
  long[] budgets(int[] set) {
    Map<String, Long> wanted = new LinkedHashMap<>();
    for (int number : set) {
      wanted.merge(all.get(number).node().machine().id(), all.get(number).budget(), Long::sum);
    }
    long[] budgets = new long[set.length];
    for (int i = 0; i < set.length; i++) {
      Candidate candidate = all.get(set[i]);
      long cap = candidate.node().machine().memoryBytes();
      long together = wanted.get(candidate.node().machine().id());
      budgets[i] =
          together <= cap
              ? candidate.budget()
              : (long) ((double) candidate.budget() * cap / together);
    }
    return budgets;
  }
}
