package dev.brigade.cluster.generation;

import dev.brigade.cluster.Deadlines;
import dev.brigade.cluster.observe.NodeObserver;
import dev.brigade.cluster.observe.RequestLog;
import dev.brigade.cluster.plan.Placements;
import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.spi.transport.NodeId;

/**
 * What a node's requests have in common.
 *
 * @param self the node
 */
public record EntryParts(
    NodeId self,
    NodeRuntime runtime,
    Messenger messenger,
    Placements placements,
    Deadlines deadlines,
    NodeObserver observer,
    RequestLog log) {}
