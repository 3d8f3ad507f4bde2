package dev.brigade.spi.partition;

import dev.brigade.spi.transport.NodeInfo;
import java.util.List;

/**
 * All that a strategy may look at.
 *
 * @param model what it costs
 * @param nodes that can take a shard, in the order of the view
 * @param links what has been measured
 * @param demand what to serve
 * @param current plans that hold memory now
 */
public record PlanRequest(
    ModelShape model, List<NodeInfo> nodes, List<Link> links, Demand demand, List<Plan> current) {
  public PlanRequest {
    nodes = List.copyOf(nodes);
    links = List.copyOf(links);
    current = List.copyOf(current);
  }
}
