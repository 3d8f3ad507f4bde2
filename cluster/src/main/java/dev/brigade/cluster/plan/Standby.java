package dev.brigade.cluster.plan;

import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.observe.ClusterEvent;
import dev.brigade.cluster.observe.NodeObserver;
import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.TransportException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Spare holders of the active plan's shards. For each other node of it there is the plan that the
 * loss of that node would lead to, loaded beforehand, so that a recovery has nothing to load. As it
 * is the very plan that would be made then, no other one follows. Owned by the loop.
 */
final class Standby {
  private static final System.Logger LOG = System.getLogger(Standby.class.getName());

  private final NodeId self;
  private final String model;
  private final Source source;
  private final Runnable changed;
  private final NodeObserver observer;
  private final Map<NodeId, Plan> chosen = new LinkedHashMap<>();
  private final SpareShelf shelf;
  private final Map<NodeId, String> missing = new LinkedHashMap<>();

  /** Of those that are missing, the ones that may be there if one tries again. */
  private final Set<NodeId> passing = new HashSet<>();

  private boolean wanted;
  private boolean gaveWay;
  private int round;
  private Optional<Plan> active = Optional.empty();
  private CompletableFuture<Void> armed = CompletableFuture.completedFuture(null);

  /** Where plans come from and go to. */
  interface Source extends SparePlans.Planner {

    /** Has a plan loaded. */
    CompletableFuture<PlacedPlan> place(Plan plan);

    /** A plan is of no more use to the standby; completes when its memory is free. */
    CompletableFuture<Void> letGo(Plan plan);
  }

  Standby(NodeId self, String model, Source source, Runnable changed, NodeObserver observer) {
    this.self = self;
    this.model = model;
    this.source = source;
    this.changed = changed;
    this.observer = observer;
    shelf = new SpareShelf(source::place, source::letGo);
  }

  /** From now on there is to be a standby, whatever plan is active. */
  void want() {
    wanted = true;
  }

  /** Whether a plan is loaded, or being loaded, for standby. */
  boolean holds(Plan plan) {
    return shelf.holds(plan);
  }

  /** What is loaded and ready, for the present active plan. */
  List<StandbyPlan> plans() {
    List<StandbyPlan> plans = new ArrayList<>();
    chosen.forEach(
        (lost, plan) -> {
          if (active.isPresent() && shelf.isReady(plan)) {
            plans.add(new StandbyPlan(plan, active.get().id(), lost));
          }
        });
    return plans;
  }

  /** Makes, loads and drops what it takes to stand by for this plan as things are now. */
  void follow(Plan plan) {
    if (!wanted) {
      return;
    }
    boolean another = !active.equals(Optional.of(plan));
    active = Optional.of(plan);
    gaveWay = false;
    round++;
    Map<NodeId, String> before = another ? Map.of() : Map.copyOf(missing);
    SparePlans spares = SparePlans.of(plan, self, source);
    missing.clear();
    passing.clear();
    missing.putAll(spares.missing());
    chosen.clear();
    chosen.putAll(spares.chosen());
    drop(spare -> !chosen.containsValue(spare));
    CompletableFuture<Void> done = new CompletableFuture<>();
    armed = done;
    loadNext(round, List.copyOf(chosen.keySet()).iterator(), before, done);
  }

  private void loadNext(
      int mine, Iterator<NodeId> rest, Map<NodeId, String> before, CompletableFuture<Void> done) {
    if (mine != round) {
      done.complete(null);
      return;
    }
    if (!rest.hasNext()) {
      tell(before);
      done.complete(null);
      return;
    }
    NodeId lost = rest.next();
    if (!chosen.containsKey(lost)) {
      missing.put(lost, "the plan without it has lost a node itself");
      passing.add(lost);
      loadNext(mine, rest, before, done);
      return;
    }
    Plan spare = chosen.get(lost);
    if (shelf.isReady(spare)) {
      loadNext(mine, rest, before, done);
      return;
    }
    // One after the other: the second plan borrows what the first has loaded.
    shelf
        .load(spare, chosen::containsValue)
        .whenComplete(
            (placed, failure) -> {
              if (mine == round && failure != null) {
                failed(lost, Messenger.unwrap(failure));
              } else if (mine == round) {
                observer.event(
                    new ClusterEvent.StandbyReady(spare, active.orElseThrow().id(), lost));
                changed.run();
              }
              loadNext(mine, rest, before, done);
            });
  }

  private void failed(NodeId lost, Throwable cause) {
    missing.put(lost, cause.getMessage());
    chosen.remove(lost);
    if (cause instanceof TransportException
        || cause instanceof RequestException known
            && known.kind() == RequestException.Kind.UNAVAILABLE) {
      passing.add(lost);
    }
  }

  private void tell(Map<NodeId, String> before) {
    missing.forEach(
        (lost, reason) -> {
          if (!reason.equals(before.get(lost))) {
            LOG.log(
                System.Logger.Level.WARNING,
                "no standby of plan {0} of {1} for the loss of node {2}: {3}",
                active.map(Plan::id).orElse("-"),
                model,
                lost,
                reason);
            observer.event(new ClusterEvent.StandbyMissing(active.orElseThrow(), lost, reason));
          }
        });
  }

  /**
   * Completes once there is a standby for every other node of the active plan, or exceptionally
   * with a {@code RequestException} that says what it would take: of kind UNAVAILABLE if nothing
   * but another try.
   */
  CompletableFuture<Void> complete() {
    return armed.thenCompose(
        done -> {
          if (!armed.isDone()) {
            return complete(); // a newer round
          }
          return missing.isEmpty()
              ? CompletableFuture.completedFuture(null)
              : CompletableFuture.failedFuture(incomplete());
        });
  }

  private RequestException incomplete() {
    String reasons = String.join("; ", missing.values());
    return passing.containsAll(missing.keySet())
        ? new RequestException(
            RequestException.Kind.UNAVAILABLE,
            "the request wants a standby of %s, which is not there yet: %s"
                .formatted(model, reasons))
        : new RequestException(
            RequestException.Kind.OUT_OF_MEMORY,
            "the request wants a standby of %s, for which there is no room: %s"
                .formatted(model, reasons));
  }

  /**
   * Takes out a plan to be the active one, loaded as it is.
   *
   * @param usable what it must be like
   */
  Optional<PlacedPlan> take(Predicate<Plan> usable) {
    Optional<PlacedPlan> taken = shelf.take(usable);
    taken.ifPresent(
        placed -> {
          observer.event(
              new ClusterEvent.StandbyTaken(placed.plan(), active.map(Plan::id).orElse("-")));
          chosen.values().removeIf(placed.plan()::equals);
        });
    return taken;
  }

  /** Drops what has lost a node itself. */
  void dropLost(Predicate<Plan> whole) {
    chosen.values().removeIf(whole.negate());
    drop(whole.negate());
  }

  /**
   * Makes room; there is no standby until the next {@link #follow}.
   *
   * @return completes when there is; empty if there was nothing to give
   */
  Optional<CompletableFuture<Void>> giveWay() {
    if (shelf.isEmpty()) {
      return Optional.empty();
    }
    gaveWay = true;
    round++;
    chosen.keySet().forEach(lost -> missing.put(lost, "it gave way to what serves"));
    chosen.clear();
    CompletableFuture<Void> freed = drop(plan -> true);
    active.ifPresent(plan -> tell(Map.of()));
    return Optional.of(freed);
  }

  /** Whether it had to give way since it was last set up. */
  boolean gaveWay() {
    return gaveWay;
  }

  private CompletableFuture<Void> drop(Predicate<Plan> which) {
    CompletableFuture<Void> freed = shelf.drop(which);
    changed.run();
    return freed;
  }

  /** Gives everything back. */
  void close() {
    wanted = false;
    round++;
    chosen.clear();
    drop(plan -> true);
  }
}
