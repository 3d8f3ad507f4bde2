package dev.brigade.cluster;

import dev.brigade.cluster.plan.StandbyPlan;
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
 * @param standbys plans that are loaded in case a node is lost
 */
public record ClusterState(
    NodeId self, List<NodeInfo> nodes, List<Plan> plans, List<StandbyPlan> standbys) {
  public ClusterState {
    nodes = List.copyOf(nodes);
    plans = List.copyOf(plans);
    standbys = List.copyOf(standbys);
  }

  /** Without standby plans. */
  public ClusterState(NodeId self, List<NodeInfo> nodes, List<Plan> plans) {
    this(self, nodes, plans, List.of());
  }
}
