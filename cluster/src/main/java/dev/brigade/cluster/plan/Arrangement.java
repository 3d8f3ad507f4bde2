package dev.brigade.cluster.plan;

import dev.brigade.spi.partition.Demand;
import java.util.Comparator;
import java.util.List;

/**
 * Nodes in order with the layers of each, and what that comes to.
 *
 * @param nodes numbers of candidates
 * @param cuts where each stage ends; the last entry is the number of layers
 * @param seconds of one token of one stream
 * @param slowest seconds for which a token keeps the busiest stage or link
 */
record Arrangement(List<Integer> nodes, List<Integer> cuts, double seconds, double slowest) {
  Arrangement {
    nodes = List.copyOf(nodes);
    cuts = List.copyOf(cuts);
  }

  /** Better ones first: by the goal, then by the other figure, then the fewer stages. */
  static Comparator<Arrangement> by(Demand.Goal goal) {
    Comparator<Arrangement> latency = Comparator.comparingDouble(Arrangement::seconds);
    Comparator<Arrangement> flow = Comparator.comparingDouble(Arrangement::slowest);
    Comparator<Arrangement> figures =
        goal == Demand.Goal.LATENCY ? latency.thenComparing(flow) : flow.thenComparing(latency);
    return figures
        .thenComparingInt(arrangement -> arrangement.nodes().size())
        .thenComparing(arrangement -> arrangement.nodes().toString());
  }

  /** What the goal is measured by; less is better. */
  double value(Demand.Goal goal) {
    return goal == Demand.Goal.LATENCY ? seconds : slowest;
  }

  /** What a given arrangement comes to. */
  static Arrangement of(Candidates candidates, List<Integer> nodes, List<Integer> cuts) {
    double seconds = 0;
    double slowest = 0;
    int first = 0;
    for (int i = 0; i < nodes.size(); i++) {
      int node = nodes.get(i);
      double compute = candidates.compute(node, first, cuts.get(i));
      boolean tail = i + 1 == nodes.size();
      int next = nodes.get(tail ? 0 : i + 1);
      seconds += compute + (tail ? candidates.handBack(node, next) : candidates.handOn(node, next));
      slowest = Math.max(slowest, compute);
      slowest = tail ? slowest : Math.max(slowest, candidates.transfer(node, next));
      first = cuts.get(i);
    }
    return new Arrangement(nodes, cuts, seconds, slowest);
  }

  /** Its stages. */
  List<PlanAssembly.Part> parts(Candidates candidates) {
    return java.util.stream.IntStream.range(0, nodes.size())
        .mapToObj(
            i -> {
              Candidates.Candidate candidate = candidates.get(nodes.get(i));
              int first = i == 0 ? 0 : cuts.get(i - 1);
              return new PlanAssembly.Part(candidate.node(), candidate.cost(), first, cuts.get(i));
            })
        .toList();
  }
}
