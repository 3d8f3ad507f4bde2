package dev.brigade.cluster.plan;

import dev.brigade.spi.partition.Demand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which nodes to use: branch and bound over all sets, the fastest nodes first, so that its first
 * descent is the greedy choice. A branch is cut off when not even a free choice among its nodes
 * could be better than what has been found. That makes it exact, until its steps are used up (a
 * count, not a time, so that every node stops at the same place); then the best so far is improved
 * by exchanging single nodes.
 */
final class BestSet {
  /** Some tens of milliseconds. */
  private static final long MOST_STEPS = 10_000_000;

  private final Candidates candidates;
  private final Demand.Goal goal;
  private final Comparator<Arrangement> better;
  private final BestOrder orders;
  private final double shortestHop;
  private Optional<Arrangement> best = Optional.empty();
  private long visits;

  BestSet(Candidates candidates, Demand.Goal goal) {
    this.candidates = candidates;
    this.goal = goal;
    this.better = Arrangement.by(goal);
    this.orders = new BestOrder(candidates, goal);
    double shortest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < candidates.size(); i++) {
      for (int j = 0; j < candidates.size(); j++) {
        shortest = i == j ? shortest : Math.min(shortest, candidates.handOn(i, j));
      }
    }
    shortestHop = candidates.size() > 1 ? shortest : 0;
  }

  /** The best arrangement of all; empty if nothing fits. */
  Optional<Arrangement> find() {
    descend(0, new ArrayList<>());
    Optional<Arrangement> found = best;
    while (best.isPresent() && isUsedUp()) {
      for (int node = 0; node < candidates.size(); node++) {
        if (!best.get().nodes().contains(node)) {
          bestWith(best.get(), node).ifPresent(this::take);
        }
      }
      if (best.equals(found)) {
        break;
      }
      found = best;
    }
    return best;
  }

  private boolean isUsedUp() {
    return orders.steps() + visits > MOST_STEPS;
  }

  private void take(Arrangement found) {
    if (best.isEmpty() || better.compare(found, best.get()) < 0) {
      best = Optional.of(found);
    }
  }

  private void descend(int next, List<Integer> chosen) {
    visits += candidates.size();
    if (next == candidates.size()
        || (best.isPresent() && isUsedUp())
        || !couldBeBetter(next, chosen)) {
      return;
    }
    chosen.add(next);
    orders.of(numbers(chosen)).ifPresent(this::take);
    descend(next + 1, chosen);
    chosen.remove(chosen.size() - 1);
    descend(next + 1, chosen);
  }

  /** Whether the chosen with one or more of the nodes from {@code next} on could be the best. */
  private boolean couldBeBetter(int next, List<Integer> chosen) {
    int room = candidates.layers();
    double seconds = 0;
    double layersPerSecond = 0;
    // Candidates are in the order of their speed, so this fills the fastest first.
    for (int i = 0; i < candidates.size(); i++) {
      if (i >= next || chosen.contains(i)) {
        Candidates.Candidate candidate = candidates.get(i);
        int layers = Math.min(room, candidate.mostLayers());
        room -= layers;
        seconds += layers * candidate.layerSeconds();
        layersPerSecond += 1 / candidate.layerSeconds();
      }
    }
    if (room > 0) {
      return false;
    }
    if (best.isEmpty()) {
      return true;
    }
    int stages = chosen.size() + 1;
    double bound =
        goal == Demand.Goal.LATENCY
            ? seconds + stages * Timings.PASS_SECONDS + (stages - 1) * shortestHop
            : candidates.layers() / layersPerSecond + Timings.PASS_SECONDS;
    // A hair below, for sums that were rounded on another way.
    return bound * (1 - 1e-9) <= best.get().value(goal);
  }

  /**
   * The best way to use a node that an arrangement leaves out: in addition, in place of one of its
   * nodes (of many, the slowest), or alone.
   */
  Optional<Arrangement> bestWith(Arrangement without, int node) {
    List<int[]> sets = new ArrayList<>();
    List<Integer> more = new ArrayList<>(without.nodes());
    more.add(node);
    sets.add(numbers(more));
    List<Integer> slowestLast = without.nodes().stream().sorted().toList();
    int few = slowestLast.size() > 4 ? slowestLast.size() - 1 : 0;
    for (Integer replaced : slowestLast.subList(few, slowestLast.size())) {
      List<Integer> exchanged = new ArrayList<>(more);
      exchanged.remove(replaced);
      sets.add(numbers(exchanged));
    }
    if (without.nodes().size() > 1) {
      sets.add(new int[] {node});
    }
    return sets.stream().flatMap(set -> orders.of(set).stream()).min(better);
  }

  private static int[] numbers(List<Integer> chosen) {
    int[] numbers = chosen.stream().mapToInt(Integer::intValue).toArray();
    Arrays.sort(numbers);
    return numbers;
  }
}
