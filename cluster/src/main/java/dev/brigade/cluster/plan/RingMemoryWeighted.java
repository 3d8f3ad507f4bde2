package dev.brigade.cluster.plan;

import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.partition.PlanOutcome;
import dev.brigade.spi.partition.PlanRequest;
import dev.brigade.spi.transport.NodeInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Every device in proportion to its memory, as EXO does it: nodes in order of memory, largest
 * first, equal ones by id; node i ends at the cumulative fraction {@code f_i = Σ_{j≤i} m_j / Σ m}
 * of the layers. A node for which that leaves no layer is left out. Nodes of one machine count with
 * their share of its memory. A current plan of the same nodes stays while no cut would move by more
 * than a tenth of the layers.
 */
public final class RingMemoryWeighted implements PartitionStrategy {
  /** A tenth of the layers. */
  private static final int NEAR = 10;

  @Override
  public PlanOutcome plan(PlanRequest request) {
    PlanAssembly assembly = new PlanAssembly(request);
    Map<String, Long> announced =
        request.nodes().stream()
            .collect(
                Collectors.groupingBy(
                    node -> node.machine().id(), Collectors.summingLong(NodeInfo::memoryBytes)));
    Function<NodeInfo, Long> memory = node -> usable(node, announced.get(node.machine().id()));
    List<NodeInfo> nodes =
        assembly.usableNodes().stream()
            .sorted(Comparator.comparing(memory).reversed().thenComparing(NodeInfo::id))
            .toList();
    double total = nodes.stream().mapToLong(memory::apply).sum();
    if (total == 0) {
      return assembly.refuse("no node can take a stage of " + request.model().model().id());
    }
    int layers = request.model().layers();
    List<PlanAssembly.Part> parts = new ArrayList<>();
    double cumulative = 0;
    int first = 0;
    for (int i = 0; i < nodes.size(); i++) {
      NodeInfo node = nodes.get(i);
      cumulative += memory.apply(node);
      // The last node ends at the last layer, whatever rounding has made of the fractions.
      int last = i + 1 == nodes.size() ? layers : (int) (cumulative / total * layers + 1e-9);
      if (last == first) {
        assembly.explain(node, "left out: its share of the memory is less than one layer");
        continue;
      }
      EngineProfile.Cost cost = assembly.costs().cost(node).orElseThrow();
      parts.add(new PlanAssembly.Part(node, cost, first, last));
      first = last;
    }
    return assembly.assemble(kept(request, parts, assembly).orElse(parts));
  }

  /**
   * A current plan with the same nodes in the same order whose cuts lie so near that moving them is
   * not worth the loading: memory that wavers does not move layers to and fro.
   */
  private static Optional<List<PlanAssembly.Part>> kept(
      PlanRequest request, List<PlanAssembly.Part> parts, PlanAssembly assembly) {
    int near = Math.max(1, request.model().layers() / NEAR);
    List<NodeInfo> nodes = parts.stream().map(PlanAssembly.Part::node).toList();
    return request.current().stream()
        .flatMap(plan -> assembly.asParts(plan, nodes).stream())
        .filter(
            current ->
                current.size() == parts.size()
                    && IntStream.range(0, parts.size())
                        .allMatch(i -> isNear(current.get(i), parts.get(i), near)))
        .findFirst();
  }

  private static boolean isNear(PlanAssembly.Part current, PlanAssembly.Part now, int near) {
    return current.node().id().equals(now.node().id())
        && Math.abs(current.last() - now.last()) <= near;
  }

  private static long usable(NodeInfo node, long announcedOnMachine) {
    double share = Math.min(1.0, (double) node.machine().memoryBytes() / announcedOnMachine);
    return (long) (node.memoryBytes() * share);
  }
}
