package dev.brigade.cluster.plan;

import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.PlanOutcome;
import dev.brigade.spi.partition.PlanRequest;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.NodeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The smallest set of devices that serves the goal: every hop costs time and one stream never gets
 * faster by adding stages, so a device is used only if the model does not fit without it, or is
 * faster with it. Predicts by {@link Timings}, searches by {@link BestSet}.
 *
 * <p>A current plan that still works is kept unless another one is better by a margin, so that a
 * device that comes and goes, or a measurement that wavers, does not move a model to and fro.
 *
 * @param margin by which part of the current plan's time another plan must be better
 */
public record SmallestSet(double margin) implements PartitionStrategy {
  /** What moving a model should be worth. */
  public static final double USUAL_MARGIN = 0.15;

  public SmallestSet {
    if (!(margin >= 0) || margin >= 1) {
      throw new IllegalArgumentException("margin is " + margin + ", want 0 up to less than 1");
    }
  }

  /** With {@link #USUAL_MARGIN}. */
  public SmallestSet() {
    this(USUAL_MARGIN);
  }

  @Override
  public PlanOutcome plan(PlanRequest request) {
    PlanAssembly assembly = new PlanAssembly(request);
    List<NodeInfo> nodes = assembly.usableNodes();
    if (nodes.isEmpty()) {
      return assembly.refuse("no node can take a stage of " + request.model().model().id());
    }
    Candidates candidates =
        new Candidates(nodes, assembly.costs(), assembly.timings(), request.model().layers());
    Demand.Goal goal = request.demand().goal();
    BestSet search = new BestSet(candidates, goal);
    Optional<Arrangement> found = search.find();
    Optional<Arrangement> current = current(request, candidates, assembly.costs());
    if (current.isPresent() && !isWorthMoving(found, current.get(), goal)) {
      found = current;
    }
    if (found.isEmpty()) {
      nodes.forEach(node -> assembly.explain(node, "no plan fits, with it or without"));
      return assembly.refuse(
          MemorySums.ofWhole(candidates, assembly.costs(), request.model().model().id()));
    }
    new LeftOut(candidates, search, goal).explain(found.get(), assembly);
    return assembly.assemble(found.get().parts(candidates));
  }

  private boolean isWorthMoving(
      Optional<Arrangement> found, Arrangement current, Demand.Goal goal) {
    return found.isPresent() && found.get().value(goal) < current.value(goal) * (1 - margin);
  }

  /** The best of the current plans of this model that would still work as they are. */
  private static Optional<Arrangement> current(
      PlanRequest request, Candidates candidates, StageCosts costs) {
    return request.current().stream()
        .filter(plan -> plan.model().equals(request.model().model()))
        .flatMap(plan -> asArrangement(plan, candidates, costs).stream())
        .min(Arrangement.by(request.demand().goal()));
  }

  private static Optional<Arrangement> asArrangement(
      Plan plan, Candidates candidates, StageCosts costs) {
    List<Integer> nodes = new ArrayList<>();
    List<Integer> cuts = new ArrayList<>();
    for (Stage stage : plan.stages()) {
      Optional<Integer> node =
          IntStream.range(0, candidates.size())
              .filter(i -> candidates.get(i).node().id().equals(stage.node()))
              .filter(i -> candidates.get(i).cost().precision().equals(stage.precision()))
              .boxed()
              .findFirst();
      if (node.isEmpty()) {
        return Optional.empty();
      }
      nodes.add(node.get());
      cuts.add(stage.last());
    }
    if (plan.layers() != candidates.layers()) {
      return Optional.empty();
    }
    Arrangement arrangement = Arrangement.of(candidates, nodes, cuts);
    return MemorySums.missing(arrangement.parts(candidates), costs).isEmpty()
        ? Optional.of(arrangement)
        : Optional.empty();
  }
}
