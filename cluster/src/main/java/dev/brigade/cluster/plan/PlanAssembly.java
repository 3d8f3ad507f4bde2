package dev.brigade.cluster.plan;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.PlanOutcome;
import dev.brigade.spi.partition.PlanRequest;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes a plan of ordered parts, or says which memory is missing for it. */
final class PlanAssembly {
  private final PlanRequest request;
  private final StageCosts costs;
  private final Map<NodeId, String> reasons = new LinkedHashMap<>();

  PlanAssembly(PlanRequest request) {
    this.request = request;
    this.costs = new StageCosts(request.model(), request.demand());
  }

  /** Layers {@code [first, last)} on a node. */
  record Part(NodeInfo node, EngineProfile.Cost cost, int first, int last) {}

  StageCosts costs() {
    return costs;
  }

  /** Says why a node was left out, or what it got. */
  void explain(NodeInfo node, String reason) {
    reasons.put(node.id(), reason);
  }

  PlanOutcome refuse(String missing) {
    return new PlanOutcome.Refused(List.of(missing), reasons);
  }

  PlanOutcome assemble(List<Part> parts) {
    List<String> missing = new ArrayList<>();
    Map<Machine, Long> machines = new LinkedHashMap<>();
    for (Part part : parts) {
      long bytes = costs.bytes(part.node(), part.cost(), part.first(), part.last());
      machines.merge(part.node().machine(), bytes, Long::sum);
      String what =
          "layers [%d, %d) in %s with KV for %d x %d tokens"
              .formatted(
                  part.first(),
                  part.last(),
                  part.cost().precision(),
                  request.demand().sequences(),
                  request.demand().context());
      explain(part.node(), what + ": " + bytes + " of " + part.node().memoryBytes() + " bytes");
      if (bytes > part.node().memoryBytes()) {
        missing.add(
            "node %s: %s needs %d bytes, it may use %d"
                .formatted(part.node().name(), what, bytes, part.node().memoryBytes()));
      }
    }
    machines.forEach(
        (machine, bytes) -> {
          if (bytes > machine.memoryBytes()) {
            missing.add(
                "machine %s: its stages need %d bytes together, it has %d"
                    .formatted(machine.id(), bytes, machine.memoryBytes()));
          }
        });
    if (!missing.isEmpty()) {
      return new PlanOutcome.Refused(missing, reasons);
    }
    return new PlanOutcome.Planned(Plan.of(request.model().model(), stages(parts)), reasons);
  }

  private static List<Stage> stages(List<Part> parts) {
    List<Stage> stages = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      DType output =
          i + 1 < parts.size() ? linkType(part.cost(), parts.get(i + 1).node()) : DType.F32;
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
  private static DType linkType(EngineProfile.Cost sender, NodeInfo receiver) {
    return receiver.profile().hiddenTypes().contains(sender.residual())
        ? sender.residual()
        : DType.F32;
  }
}
