package dev.brigade.cluster.plan;

import dev.brigade.cluster.Deadlines;
import dev.brigade.cluster.ServedModel;
import dev.brigade.cluster.observe.NodeObserver;
import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.View;
import java.time.Duration;
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
  private final NodeId self;
  private final boolean standby;
  private final NodeRuntime runtime;
  private final Settling settling;
  private final Runnable changed;
  private final NodeObserver observer;
  private final Map<String, ModelPlacement> models = new LinkedHashMap<>();

  /**
   * @param self the node whose clients' requests the plans are for
   * @param standby whether there is to be a standby beside each plan, even if no request asks
   * @param changed run when {@link #plans} has changed
   * @param observer told of plans
   */
  public Placements(
      NodeId self,
      boolean standby,
      NodeRuntime runtime,
      Messenger messenger,
      PartitionStrategy strategy,
      Deadlines deadlines,
      Runnable changed,
      NodeObserver observer) {
    this.self = self;
    this.standby = standby;
    this.observer = observer;
    this.changed = changed;
    this.runtime = runtime;
    this.settling = new Settling(runtime, deadlines.settle(), this::improve);
    this.placing =
        new Placing(self, messenger, strategy, deadlines, runtime.clock(), this::linkBroken);
  }

  /**
   * A plan for a model that is placed, made and placed first if there is none.
   *
   * @param demand taken for the first plan of a model
   * @return the plan, or exceptionally a {@code RequestException}
   */
  public CompletableFuture<PlacedPlan> ready(ServedModel model, Demand demand) {
    return placement(model, demand).ready();
  }

  /**
   * Has a standby placed beside the plan of a model, for as long as the model is placed.
   *
   * @return completes once no other node of the plan can be lost without one, or exceptionally with
   *     a {@code RequestException} that says what that would take
   */
  public CompletableFuture<Void> standby(ServedModel model, Demand demand) {
    ModelPlacement placement = placement(model, demand);
    placement.wantStandby();
    return placement.standbyReady();
  }

  private ModelPlacement placement(ServedModel model, Demand demand) {
    return models.computeIfAbsent(model.ref().id(), id -> create(model, demand));
  }

  private ModelPlacement create(ServedModel model, Demand demand) {
    ModelPlacement placement =
        new ModelPlacement(runtime, placing, model, demand, self, changed, observer);
    if (standby) {
      placement.wantStandby();
    }
    return placement;
  }

  /** A request runs on this plan; until {@link #ended} it stays loaded. */
  public void started(Plan plan) {
    placement(plan).ifPresent(placement -> placement.started(plan));
  }

  /** A request does not run on this plan any more. */
  public void ended(Plan plan) {
    placement(plan).ifPresent(placement -> placement.ended(plan));
  }

  /** A node does not know its stage of this plan, which is not used again. */
  public void invalidate(Plan plan, NodeId node) {
    placement(plan).ifPresent(placement -> placement.invalidate(plan, node));
  }

  /**
   * A stage of this plan has no memory left for a request.
   *
   * @return completes when a standby has given its memory up; empty if there was none
   */
  public Optional<CompletableFuture<Void>> standbyGivesWay(Plan plan) {
    return placement(plan).flatMap(ModelPlacement::standbyGivesWay);
  }

  /** Whether a plan has been placed, or is being placed, and not been released. */
  public boolean holds(String plan) {
    return placing.holds(plan);
  }

  /**
   * One node cannot speak to another one, though both are members. For some time no plan has both.
   */
  public void unreachable(NodeId from, NodeId to) {
    placing.unreachable(from, to);
  }

  private void linkBroken(Duration span) {
    models.values().forEach(ModelPlacement::dropLost);
    // When it is forgotten, the plan that is best may be another one again.
    runtime.timer().schedule(span, this::improve);
  }

  private void improve() {
    new ArrayList<>(models.values()).forEach(ModelPlacement::improve);
  }

  private Optional<ModelPlacement> placement(Plan plan) {
    return Optional.ofNullable(models.get(plan.model().id()));
  }

  /** Drops plans with lost stages at once, and plans anew when the membership has been quiet. */
  public void viewChanged(View view) {
    placing.view(view);
    models.values().forEach(ModelPlacement::dropLost);
    settling.changed();
  }

  /** Plans that are ready, newest first. */
  public List<Plan> plans() {
    List<Plan> plans = new ArrayList<>();
    models
        .values()
        .forEach(placement -> placement.current().ifPresent(p -> plans.add(0, p.plan())));
    return plans;
  }

  /** Plans that are loaded in case a node is lost. */
  public List<StandbyPlan> standbys() {
    return models.values().stream().flatMap(placement -> placement.standbys().stream()).toList();
  }

  /** Gives all plans back. */
  public void close() {
    settling.close();
    models.values().forEach(ModelPlacement::close);
  }
}
