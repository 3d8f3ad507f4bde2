package dev.brigade.cluster.plan;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.PlanOutcome;
import dev.brigade.spi.partition.PlanRequest;
import dev.brigade.spi.partition.Prediction;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a plan of ordered parts, or says which memory is missing for it. */
final class PlanAssembly {
  private final PlanRequest request;
  private final StageCosts costs;
  private final Timings timings;
  private final Map<NodeId, String> reasons = new LinkedHashMap<>();

  PlanAssembly(PlanRequest request) {
    this.request = request;
    this.costs = new StageCosts(request.model(), request.demand());
    this.timings = new Timings(request, costs);
  }

  /** Layers {@code [first, last)} on a node. */
  record Part(NodeInfo node, EngineProfile.Cost cost, int first, int last) {

    /** In what hidden states go to the next stage. */
    DType linkType(Part next) {
      return PlanAssembly.linkType(cost, next.node());
    }
  }

  Timings timings() {
    return timings;
  }

  StageCosts costs() {
    return costs;
  }

  /** Says why a node was left out, or what it got. */
  void explain(NodeInfo node, String reason) {
    reasons.put(node.id(), reason);
  }

  PlanOutcome refuse(String missing) {
    return refuse(List.of(missing));
  }

  PlanOutcome refuse(List<String> missing) {
    return new PlanOutcome.Refused(missing, reasons);
  }

  /** The nodes that can take a stage; says of the others why not. */
  List<NodeInfo> usableNodes() {
    List<NodeInfo> nodes = new ArrayList<>();
    for (NodeInfo node : request.nodes()) {
      if (node.state() != NodeState.UP) {
        explain(node, "left out: it is " + node.state());
      } else if (costs.cost(node).isEmpty()) {
        explain(
            node,
            "left out: engine %s has none of the precisions %s"
                .formatted(node.profile().engine(), request.demand().precisions()));
      } else {
        nodes.add(node);
      }
    }
    return nodes;
  }

  /** The stages of a plan as it is, if all of its nodes are still usable like that and it fits. */
  Optional<List<Part>> asParts(Plan plan, List<NodeInfo> usable) {
    boolean sameModel = plan.model().equals(request.model().model());
    if (!sameModel || plan.layers() != request.model().layers()) {
      return Optional.empty();
    }
    List<Part> parts = new ArrayList<>();
    for (Stage stage : plan.stages()) {
      usable.stream()
          .filter(node -> node.id().equals(stage.node()))
          .map(node -> new Part(node, costs.cost(node).orElseThrow(), stage.first(), stage.last()))
          .filter(part -> part.cost().precision().equals(stage.precision()))
          .forEach(parts::add);
    }
    boolean works =
        parts.size() == plan.stages().size() && MemorySums.missing(parts, costs).isEmpty();
    return works ? Optional.of(parts) : Optional.empty();
  }

  PlanOutcome assemble(List<Part> parts) {
    Prediction prediction = PlanPrediction.of(parts, costs, timings);
    for (int i = 0; i < parts.size(); i++) {
      explain(parts.get(i).node(), used(parts.get(i), prediction.stages().get(i)));
    }
    List<String> missing = MemorySums.missing(parts, costs);
    if (!missing.isEmpty()) {
      return refuse(missing);
    }
    return new PlanOutcome.Planned(
        Plan.of(request.model().model(), stages(parts)), Optional.of(prediction), reasons);
  }

  private String used(Part part, Prediction.Part predicted) {
    return "%s: %d of %d bytes; %s ms per token at %s"
        .formatted(
            costs.describe(part.cost(), part.first(), part.last()),
            predicted.memoryBytes(),
            part.node().memoryBytes(),
            LeftOut.millis(predicted.compute().toNanos() * 1e-9),
            Timings.describeRate(part.node(), part.cost()));
  }

  private static List<Stage> stages(List<Part> parts) {
    List<Stage> stages = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      DType output = i + 1 < parts.size() ? part.linkType(parts.get(i + 1)) : DType.F32;
      stages.add(
          new Stage(
              part.node().id(),
              part.node().profile().engine(),
              part.first(),
              part.last(),
              part.cost().precision(),
              output));
    }
    return stages;
  }

  /**
   * The sender's own type if the receiver takes it; else F32, which everyone takes and holds it.
   */
  static DType linkType(EngineProfile.Cost sender, NodeInfo receiver) {
    return receiver.profile().hiddenTypes().contains(sender.residual())
        ? sender.residual()
        : DType.F32;
  }
}
