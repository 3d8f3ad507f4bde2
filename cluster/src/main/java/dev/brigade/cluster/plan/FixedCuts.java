package dev.brigade.cluster.plan;

import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.partition.PlanOutcome;
import dev.brigade.spi.partition.PlanRequest;
import dev.brigade.spi.transport.NodeInfo;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts where it is told to, one node of the view after the other.
 *
 * @param cuts layers before which to cut, ascending; empty for even cuts over all nodes
 */
public record FixedCuts(List<Integer> cuts) implements PartitionStrategy {
  public FixedCuts {
    cuts = List.copyOf(cuts);
  }

  @Override
  public PlanOutcome plan(PlanRequest request) {
    PlanAssembly assembly = new PlanAssembly(request);
    if (request.nodes().isEmpty()) {
      return assembly.refuse("there are no nodes");
    }
    int layers = request.model().layers();
    int stages = cuts.isEmpty() ? Math.min(request.nodes().size(), layers) : cuts.size() + 1;
    if (stages > request.nodes().size()) {
      return assembly.refuse(
          "%d cuts make %d stages, but there are %d nodes"
              .formatted(cuts.size(), stages, request.nodes().size()));
    }
    List<PlanAssembly.Part> parts = new ArrayList<>();
    int first = 0;
    for (int i = 0; i < stages; i++) {
      int last =
          i + 1 == stages ? layers : cuts.isEmpty() ? (i + 1) * layers / stages : cuts.get(i);
      if (last <= first || last > layers) {
        return assembly.refuse(
            "cuts %s do not ascend within the model's %d layers".formatted(cuts, layers));
      }
      NodeInfo node = request.nodes().get(i);
      var cost = assembly.costs().cost(node);
      if (cost.isEmpty()) {
        return assembly.refuse(
            "engine %s has none of the precisions %s"
                .formatted(node.profile().engine(), request.demand().precisions()));
      }
      parts.add(new PlanAssembly.Part(node, cost.get(), first, last));
      first = last;
    }
    return assembly.assemble(parts);
  }
}
