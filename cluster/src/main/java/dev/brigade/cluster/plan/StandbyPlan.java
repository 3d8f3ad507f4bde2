package dev.brigade.cluster.plan;

import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.transport.NodeId;

/**
 * A plan that is loaded in case a node is lost.
 *
 * @param plan the plan, which serves nobody yet
 * @param active id of the plan that it stands by for
 * @param lost the node of that one which it does without
 */
public record StandbyPlan(Plan plan, String active, NodeId lost) {}
