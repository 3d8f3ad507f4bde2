package dev.brigade.launcher.plan;

import dev.brigade.spi.partition.Link;
import dev.brigade.spi.transport.NodeInfo;
import java.util.List;

/**
 * Nodes to plan for.
 *
 * @param source where they are from, for a person to read
 */
public record PlanNodes(String source, List<NodeInfo> nodes, List<Link> links) {
  public PlanNodes {
    nodes = List.copyOf(nodes);
    links = List.copyOf(links);
  }
}
