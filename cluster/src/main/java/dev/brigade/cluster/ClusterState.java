package dev.brigade.cluster;

import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import java.util.List;

/**
 * The cluster as one node sees it.
 *
 * @param self the node that sees it
 * @param nodes members, oldest first
 * @param plans plans that this node has placed and that are ready to serve, newest first
 */
public record ClusterState(NodeId self, List<NodeInfo> nodes, List<Plan> plans) {
  public ClusterState {
    nodes = List.copyOf(nodes);
    plans = List.copyOf(plans);
  }
}
