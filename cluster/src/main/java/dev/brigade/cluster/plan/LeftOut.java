package dev.brigade.cluster.plan;

import dev.brigade.spi.partition.Demand;
import java.util.Locale;

/** Says why nodes were left out: what the plan would come to with each. */
final class LeftOut {
  private final Candidates candidates;
  private final BestSet search;
  private final Demand.Goal goal;

  LeftOut(Candidates candidates, BestSet search, Demand.Goal goal) {
    this.candidates = candidates;
    this.search = search;
    this.goal = goal;
  }

  void explain(Arrangement chosen, PlanAssembly assembly) {
    for (int i = 0; i < candidates.size(); i++) {
      if (!chosen.nodes().contains(i)) {
        int node = i;
        String reason =
            search
                .bestWith(chosen, node)
                .map(with -> compared(with, chosen))
                .orElseGet(() -> noRoom(node));
        assembly.explain(candidates.get(node).node(), "left out: " + reason);
      }
    }
  }

  private String compared(Arrangement with, Arrangement without) {
    double difference = with.value(goal) - without.value(goal);
    if (goal == Demand.Goal.THROUGHPUT) {
      String figures =
          rate(with.slowest()) + " tokens per second with it, " + rate(without.slowest());
      return figures + (difference < 0 ? " without; too little gain to move for" : " without");
    }
    String figures =
        " (%s ms instead of %s ms)".formatted(millis(with.seconds()), millis(without.seconds()));
    if (difference < 0) {
      return millis(-difference)
          + " ms per token faster with it"
          + figures
          + ", too little to move for";
    }
    return difference > 0
        ? millis(difference) + " ms slower per token with it" + figures
        : "no faster with it" + figures;
  }

  private String noRoom(int number) {
    Candidates.Candidate candidate = candidates.get(number);
    if (candidate.mostLayers() > 0) {
      return "no plan with it fits, and one without it does";
    }
    long least = Long.MAX_VALUE;
    for (int layer = 0; layer < candidates.layers(); layer++) {
      least = Math.min(least, candidates.bytes(number, layer, layer + 1));
    }
    return "it may use %d bytes, and one layer needs %d".formatted(candidate.budget(), least);
  }

  static String millis(double seconds) {
    double millis = seconds * 1e3;
    return String.format(Locale.ROOT, millis < 1 ? "%.3f" : millis < 10 ? "%.2f" : "%.1f", millis);
  }

  private static String rate(double slowest) {
    return String.format(Locale.ROOT, "%.1f", 1 / slowest);
  }
}
