package dev.brigade.cluster.plan;

import dev.brigade.spi.partition.Plan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;

/** Plans that are loaded, or being loaded, and serve nobody. Owned by the loop. */
final class SpareShelf {
  private final Function<Plan, CompletableFuture<PlacedPlan>> place;
  private final Function<Plan, CompletableFuture<Void>> letGo;
  private final Map<Plan, PlacedPlan> ready = new LinkedHashMap<>();
  private final Map<Plan, CompletableFuture<PlacedPlan>> underWay = new LinkedHashMap<>();

  /**
   * @param place has a plan loaded
   * @param letGo told of a plan that is of no more use; completes when its memory is free
   */
  SpareShelf(
      Function<Plan, CompletableFuture<PlacedPlan>> place,
      Function<Plan, CompletableFuture<Void>> letGo) {
    this.place = place;
    this.letGo = letGo;
  }

  boolean isReady(Plan plan) {
    return ready.containsKey(plan);
  }

  /** Whether a plan is loaded or being loaded. */
  boolean holds(Plan plan) {
    return ready.containsKey(plan) || underWay.containsKey(plan);
  }

  boolean isEmpty() {
    return ready.isEmpty() && underWay.isEmpty();
  }

  /**
   * Has a plan loaded, or joins its loading.
   *
   * @param wanted whether it is still of use once it is loaded; else it is let go of again
   */
  CompletableFuture<PlacedPlan> load(Plan plan, Predicate<Plan> wanted) {
    CompletableFuture<PlacedPlan> present = underWay.get(plan);
    if (present != null) {
      return present;
    }
    CompletableFuture<PlacedPlan> told = new CompletableFuture<>();
    underWay.put(plan, told);
    place
        .apply(plan)
        .whenComplete(
            (placed, failure) -> {
              underWay.remove(plan);
              if (failure != null) {
                told.completeExceptionally(failure);
                return;
              }
              ready.put(plan, placed);
              told.complete(placed);
              drop(each -> each.equals(plan) && !wanted.test(plan));
            });
    return told;
  }

  /** Takes a plan out, loaded as it is. */
  Optional<PlacedPlan> take(Predicate<Plan> usable) {
    Optional<PlacedPlan> taken =
        ready.values().stream().filter(placed -> usable.test(placed.plan())).findFirst();
    taken.ifPresent(placed -> ready.remove(placed.plan()));
    return taken;
  }

  /**
   * Lets go of loaded plans.
   *
   * @return completes when their memory is free
   */
  CompletableFuture<Void> drop(Predicate<Plan> which) {
    List<CompletableFuture<Void>> freed = new ArrayList<>();
    for (Plan plan : ready.keySet().stream().filter(which).toList()) {
      ready.remove(plan);
      freed.add(letGo.apply(plan));
    }
    return CompletableFuture.allOf(freed.toArray(CompletableFuture[]::new));
  }
}
