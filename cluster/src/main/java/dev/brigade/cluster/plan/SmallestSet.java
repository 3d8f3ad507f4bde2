package dev.brigade.cluster.plan;

import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.partition.PlanOutcome;
import dev.brigade.spi.partition.PlanRequest;
import dev.brigade.spi.transport.NodeInfo;
import java.util.List;
import java.util.Optional;

/**
 * The smallest set of devices that serves the goal: every hop costs time and one stream never gets
 * faster by adding stages, so a device is used only if the model does not fit without it, or is
 * faster with it. Predicts by {@link Timings}, searches by {@link BestSet}.
 *
 * <p>A current plan that still works is kept unless another one is better by a margin, so that a
 * device that comes and goes, or a measurement that wavers, does not move a model to and fro; and
 * unless it is twice as good, if that rests on devices whose rate nobody has measured.
 *
 * @param margin by which part of the current plan's time another plan must be better
 */
public record SmallestSet(double margin) implements PartitionStrategy {
  /** What moving a model should be worth. */
  public static final double USUAL_MARGIN = 0.15;

  /** What moving it to a device should be worth whose rate is only assumed. */
  static final double UNTRIED_MARGIN = 0.5;

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
    Optional<Arrangement> current = current(request, nodes, candidates, assembly);
    if (current.isPresent() && !isWorthMoving(found, current.get(), goal, candidates)) {
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
      Optional<Arrangement> found, Arrangement current, Demand.Goal goal, Candidates candidates) {
    if (found.isEmpty()) {
      return false;
    }
    boolean untried =
        found.get().nodes().stream()
            .filter(node -> !current.nodes().contains(node))
            .anyMatch(node -> !Timings.isMeasured(candidates.get(node).cost()));
    double needed = untried ? Math.max(margin, UNTRIED_MARGIN) : margin;
    return found.get().value(goal) < current.value(goal) * (1 - needed);
  }

  /** The best of the current plans of this model that would still work as they are. */
  private static Optional<Arrangement> current(
      PlanRequest request, List<NodeInfo> nodes, Candidates candidates, PlanAssembly assembly) {
    return request.current().stream()
        .flatMap(plan -> assembly.asParts(plan, nodes).stream())
        .map(
            parts ->
                Arrangement.of(
                    candidates,
                    parts.stream().map(part -> candidates.number(part.node())).toList(),
                    parts.stream().map(PlanAssembly.Part::last).toList()))
        .min(Arrangement.by(request.demand().goal()));
  }
}
