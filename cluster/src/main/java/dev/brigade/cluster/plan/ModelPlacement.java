package dev.brigade.cluster.plan;

import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.ServedModel;
import dev.brigade.cluster.observe.ClusterEvent;
import dev.brigade.cluster.observe.NodeObserver;
import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.TransportException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The plans of one model: the current one, perhaps one on its way, and old ones that requests still
 * run on. Owned by the loop.
 */
final class ModelPlacement {
  private static final System.Logger LOG = System.getLogger(ModelPlacement.class.getName());
  private static final int TRIES = 5;
  private static final Duration RETRY = Duration.ofMillis(500);

  private final NodeRuntime runtime;
  private final Placing placing;
  private final ServedModel model;
  private final Demand demand;
  private final Runnable changed;
  private final NodeObserver observer;
  private final Standby standby;
  private final Map<String, Integer> uses = new HashMap<>();
  private Optional<PlacedPlan> current = Optional.empty();
  private Optional<CompletableFuture<PlacedPlan>> underWay = Optional.empty();
  private boolean improveWhenIdle;
  private boolean improveAfterwards;
  private boolean closed;

  ModelPlacement(
      NodeRuntime runtime,
      Placing placing,
      ServedModel model,
      Demand demand,
      NodeId self,
      Runnable changed,
      NodeObserver observer) {
    this.runtime = runtime;
    this.placing = placing;
    this.model = model;
    this.demand = demand;
    this.changed = changed;
    this.observer = observer;
    standby = new Standby(self, model.ref().id(), new Spares(), changed, observer);
  }

  /** The standby's plans are made and placed like any other. */
  private final class Spares implements Standby.Source {
    @Override
    public Plan planWithout(NodeId lost) throws RequestException {
      return placing.planWithout(model, demand, lost);
    }

    @Override
    public Optional<String> missing(List<Plan> plans) {
      return placing.missing(model, demand, plans);
    }

    @Override
    public CompletableFuture<PlacedPlan> place(Plan plan) {
      return placing.place(plan);
    }

    @Override
    public CompletableFuture<Void> letGo(Plan plan) {
      return releaseUnneeded(plan);
    }
  }

  /** Has a standby beside each plan from now on. */
  void wantStandby() {
    standby.want();
    current.map(PlacedPlan::plan).ifPresent(standby::follow);
  }

  /** Completes once there is a standby for the current plan, or with what that would take. */
  CompletableFuture<Void> standbyReady() {
    return ready().thenCompose(placed -> standby.complete());
  }

  List<StandbyPlan> standbys() {
    return standby.plans();
  }

  /** As {@link Standby#giveWay}. */
  Optional<CompletableFuture<Void>> standbyGivesWay() {
    return standby.giveWay();
  }

  Optional<PlacedPlan> current() {
    return current;
  }

  CompletableFuture<PlacedPlan> ready() {
    if (current.isPresent()) {
      return CompletableFuture.completedFuture(current.get());
    }
    return place(TRIES).copy();
  }

  void started(Plan plan) {
    uses.merge(plan.id(), 1, Integer::sum);
  }

  void ended(Plan plan) {
    uses.computeIfPresent(plan.id(), (id, count) -> count == 1 ? null : count - 1);
    releaseUnneeded(plan);
    if (uses.isEmpty() && (improveWhenIdle || standby.gaveWay())) {
      improve();
    }
  }

  private CompletableFuture<Void> releaseUnneeded(Plan plan) {
    return isUsed(plan) || isCurrent(plan) || standby.holds(plan)
        ? CompletableFuture.completedFuture(null)
        : placing.release(plan);
  }

  private boolean isUsed(Plan plan) {
    return uses.containsKey(plan.id());
  }

  private boolean isCurrent(Plan plan) {
    return current.isPresent() && current.get().plan().equals(plan);
  }

  void invalidate(Plan plan, NodeId node) {
    if (isCurrent(plan)) {
      retire(plan);
      standbyWithout(node).ifPresent(this::adopt);
      // No node is lost, so that what has stood in is not what the members are for; but those who
      // wait for it replay their tokens first.
      runtime.timer().schedule(RETRY, this::improve);
    }
  }

  private Optional<PlacedPlan> standbyWithout(NodeId node) {
    return standby.take(
        spare ->
            placing.isWhole(spare)
                && spare.stages().stream().noneMatch(stage -> stage.node().equals(node)));
  }

  /** Ceases to use the current plan if a node of it is gone; what stands by takes its place. */
  void dropLost() {
    standby.dropLost(placing::isWhole);
    Optional<Plan> broken = current.map(PlacedPlan::plan).filter(plan -> !placing.isWhole(plan));
    broken.ifPresent(
        plan -> {
          retire(plan);
          standby.take(placing::isWhole).ifPresent(this::adopt);
        });
  }

  private CompletableFuture<Void> retire(Plan plan) {
    current = Optional.empty();
    changed.run();
    observer.event(new ClusterEvent.PlanRetired(plan));
    return releaseUnneeded(plan);
  }

  /** Plans for the present view, and moves later requests there if that is another plan. */
  void improve() {
    if (underWay.isPresent()) {
      // What is being placed was planned for an earlier view.
      improveAfterwards = true;
    } else if (!closed) {
      improveWhenIdle = false;
      place(TRIES)
          .thenAccept(placed -> standby.follow(placed.plan()))
          .exceptionally(
              failure -> {
                LOG.log(
                    System.Logger.Level.WARNING,
                    "cannot place {0}: {1}",
                    model.ref().id(),
                    Messenger.unwrap(failure).getMessage());
                return null;
              });
    }
  }

  private CompletableFuture<PlacedPlan> place(int tries) {
    if (underWay.isPresent()) {
      return underWay.get();
    }
    CompletableFuture<PlacedPlan> result = new CompletableFuture<>();
    underWay = Optional.of(result);
    attempt(tries, result);
    return result;
  }

  private void attempt(int tries, CompletableFuture<PlacedPlan> result) {
    Plan plan;
    try {
      List<Plan> plans = current.map(PlacedPlan::plan).stream().toList();
      plan = placing.plan(model, demand, plans);
    } catch (RequestException e) {
      end(result).completeExceptionally(e);
      return;
    } catch (RuntimeException e) {
      String what = "the partition strategy failed for " + model.ref().id();
      LOG.log(System.Logger.Level.ERROR, what, e);
      end(result)
          .completeExceptionally(
              new RequestException(RequestException.Kind.INTERNAL, what + ": " + e, e));
      return;
    }
    if (isCurrent(plan)) {
      end(result).complete(current.orElseThrow());
      return;
    }
    Optional<PlacedPlan> spare = standby.take(plan::equals);
    if (spare.isPresent()) {
      adopt(spare.get());
      standby.follow(plan);
      end(result).complete(spare.get());
      return;
    }
    placing
        .place(plan)
        .whenComplete(
            (placed, failure) -> {
              if (failure == null) {
                adopt(placed);
                standby.follow(placed.plan());
                end(result).complete(placed);
              } else {
                failed(Messenger.unwrap(failure), tries, result);
              }
            });
  }

  private CompletableFuture<PlacedPlan> end(CompletableFuture<PlacedPlan> result) {
    underWay = Optional.empty();
    if (improveAfterwards) {
      improveAfterwards = false;
      runtime.loop().execute(this::improve);
    }
    return result;
  }

  private void adopt(PlacedPlan placed) {
    Optional<Plan> old = current.map(PlacedPlan::plan);
    current = Optional.of(placed);
    changed.run();
    old.ifPresent(plan -> observer.event(new ClusterEvent.PlanRetired(plan)));
    observer.event(new ClusterEvent.PlanReady(placed.plan()));
    LOG.log(
        System.Logger.Level.INFO,
        "plan {0} for {1} is ready: {2} stages",
        placed.plan().id(),
        model.ref().id(),
        placed.plan().stages().size());
    old.ifPresent(this::releaseUnneeded);
    if (closed) {
      placing.release(placed.plan());
    }
  }

  private void failed(Throwable cause, int tries, CompletableFuture<PlacedPlan> result) {
    boolean outOfMemory =
        cause instanceof RequestException e && e.kind() == RequestException.Kind.OUT_OF_MEMORY;
    boolean lost =
        cause instanceof TransportException
            || cause instanceof RequestException e && e.kind() == RequestException.Kind.UNAVAILABLE;
    if (closed || tries <= 1 || !(outOfMemory || lost)) {
      end(result).completeExceptionally(asRequestException(cause));
      return;
    }
    Optional<CompletableFuture<Void>> room = outOfMemory ? standby.giveWay() : Optional.empty();
    if (room.isPresent()) {
      room.get().thenRun(() -> attempt(tries - 1, result));
      return;
    }
    if (outOfMemory && current.isPresent()) {
      Plan old = current.get().plan();
      if (isUsed(old)) {
        // Old and new do not fit together: the new plan waits until the old one has drained.
        improveWhenIdle = true;
        end(result).complete(current.get());
        return;
      }
      retire(old).thenRun(() -> attempt(tries - 1, result));
      return;
    }
    runtime.timer().schedule(RETRY, () -> attempt(tries - 1, result));
  }

  private RequestException asRequestException(Throwable cause) {
    return cause instanceof RequestException known
        ? known
        : new RequestException(
            RequestException.Kind.UNAVAILABLE,
            "cannot place " + model.ref().id() + ": " + cause.getMessage(),
            cause);
  }

  void close() {
    closed = true;
    standby.close();
    current.map(PlacedPlan::plan).ifPresent(this::retire);
  }
}
