package dev.brigade.cluster.plan;

import dev.brigade.cluster.Deadlines;
import dev.brigade.cluster.ServedModel;
import dev.brigade.cluster.observe.NodeObserver;
import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.spi.Timer;
import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.transport.View;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The plans that this node makes and has placed, one current plan for each model. Owned by the
 * loop.
 */
public final class Placements {
  private final Placing placing;
  private final NodeRuntime runtime;
  private final Deadlines deadlines;
  private final Runnable changed;
  private final NodeObserver observer;
  private final Map<String, ModelPlacement> models = new LinkedHashMap<>();
  private Optional<Timer.Scheduled> replan = Optional.empty();

  /**
   * @param changed run when {@link #plans} has changed
   * @param observer told of plans
   */
  public Placements(
      NodeRuntime runtime,
      Messenger messenger,
      PartitionStrategy strategy,
      Deadlines deadlines,
      Runnable changed,
      NodeObserver observer) {
    this.observer = observer;
    this.changed = changed;
    this.runtime = runtime;
    this.deadlines = deadlines;
    this.placing = new Placing(messenger, strategy, deadlines);
  }

  /**
   * A plan for a model that is placed, made and placed first if there is none.
   *
   * @param demand taken for the first plan of a model
   * @return the plan, or exceptionally a {@code RequestException}
   */
  public CompletableFuture<PlacedPlan> ready(ServedModel model, Demand demand) {
    return models
        .computeIfAbsent(
            model.ref().id(),
            id -> new ModelPlacement(runtime, placing, model, demand, changed, observer))
        .ready();
  }

  /** A request runs on this plan; until {@link #ended} it stays loaded. */
  public void started(Plan plan) {
    placement(plan).ifPresent(placement -> placement.started(plan));
  }

  /** A request does not run on this plan any more. */
  public void ended(Plan plan) {
    placement(plan).ifPresent(placement -> placement.ended(plan));
  }

  /** A stage did not know this plan; it is not used again. */
  public void invalidate(Plan plan) {
    placement(plan).ifPresent(placement -> placement.invalidate(plan));
  }

  private Optional<ModelPlacement> placement(Plan plan) {
    return Optional.ofNullable(models.get(plan.model().id()));
  }

  /** Drops plans with lost stages at once, and plans anew when the membership has been quiet. */
  public void viewChanged(View view) {
    placing.view(view);
    models.values().forEach(ModelPlacement::dropLost);
    replan.ifPresent(Timer.Scheduled::cancel);
    replan =
        Optional.of(
            runtime
                .timer()
                .schedule(
                    deadlines.settle(),
                    () -> new ArrayList<>(models.values()).forEach(ModelPlacement::improve)));
  }

  /** Plans that are ready, newest first. */
  public List<Plan> plans() {
    List<Plan> plans = new ArrayList<>();
    models
        .values()
        .forEach(placement -> placement.current().ifPresent(p -> plans.add(0, p.plan())));
    return plans;
  }

  /** Gives all plans back. */
  public void close() {
    replan.ifPresent(Timer.Scheduled::cancel);
    models.values().forEach(ModelPlacement::close);
  }
}
