package dev.brigade.cluster.plan;

import dev.brigade.spi.partition.Demand;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The best order and cuts of a given set of nodes. Up to three nodes all orders are tried; of more,
 * for every first node the chain that always goes to the nearest next one, forwards and backwards.
 * What comes out depends on the set alone, never on nodes outside of it.
 */
final class BestOrder {
  private static final int ALL_ORDERS = 3;

  private final Candidates candidates;
  private final BestCuts cuts;
  private final Comparator<Arrangement> better;
  private long steps;

  BestOrder(Candidates candidates, Demand.Goal goal) {
    this.candidates = candidates;
    this.cuts = new BestCuts(candidates, goal);
    this.better = Arrangement.by(goal);
  }

  /** Steps of the searches for cuts so far, a measure of the work that is the same everywhere. */
  long steps() {
    return steps;
  }

  /**
   * @param set numbers of candidates, ascending
   */
  Optional<Arrangement> of(int[] set) {
    long[] budgets = candidates.budgets(set);
    if (set.length > candidates.layers() || roomFor(set) < candidates.layers()) {
      return Optional.empty();
    }
    return orders(set).stream()
        .flatMap(
            order -> {
              steps += (long) order.length * candidates.layers() * candidates.layers() / 2;
              int[] numbers = new int[order.length];
              long[] ordered = new long[order.length];
              for (int i = 0; i < order.length; i++) {
                numbers[i] = set[order[i]];
                ordered[i] = budgets[order[i]];
              }
              return cuts.of(numbers, ordered).stream();
            })
        .min(better);
  }

  private int roomFor(int[] set) {
    int layers = 0;
    for (int number : set) {
      layers += candidates.get(number).mostLayers();
    }
    return layers;
  }

  /** Orders to try, as indices into the set. */
  private List<int[]> orders(int[] set) {
    List<int[]> orders = new ArrayList<>();
    if (set.length <= ALL_ORDERS) {
      permute(new int[set.length], 0, orders);
      return orders;
    }
    for (int first = 0; first < set.length; first++) {
      int[] chain = chain(set, first);
      int[] backwards = new int[chain.length];
      for (int i = 0; i < chain.length; i++) {
        backwards[i] = chain[chain.length - 1 - i];
      }
      orders.add(chain);
      orders.add(backwards);
    }
    return orders;
  }

  private static void permute(int[] order, int length, List<int[]> orders) {
    if (length == order.length) {
      orders.add(order.clone());
      return;
    }
    for (int next = 0; next < order.length; next++) {
      if (!contains(order, length, next)) {
        order[length] = next;
        permute(order, length + 1, orders);
      }
    }
  }

  private int[] chain(int[] set, int first) {
    int[] order = new int[set.length];
    order[0] = first;
    for (int i = 1; i < set.length; i++) {
      int nearest = -1;
      for (int next = 0; next < set.length; next++) {
        if (!contains(order, i, next)
            && (nearest < 0 || hop(set, order[i - 1], next) < hop(set, order[i - 1], nearest))) {
          nearest = next;
        }
      }
      order[i] = nearest;
    }
    return order;
  }

  private double hop(int[] set, int from, int to) {
    return candidates.handOn(set[from], set[to]);
  }

  private static boolean contains(int[] order, int length, int value) {
    for (int i = 0; i < length; i++) {
      if (order[i] == value) {
        return true;
      }
    }
    return false;
  }
}
