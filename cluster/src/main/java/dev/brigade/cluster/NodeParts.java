package dev.brigade.cluster;

import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.spi.discovery.Discovery;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.transport.Transport;
import java.util.List;

/**
 * What a node is made of. The node closes engine, transport and discoveries; the runtime stays its
 * owner's.
 *
 * @param cluster name of the cluster, announced by discoveries
 */
public record NodeParts(
    String cluster,
    NodeRuntime runtime,
    InferenceEngine engine,
    Transport transport,
    List<Discovery> discoveries,
    PartitionStrategy strategy,
    ModelLibrary library,
    LoadListener loads) {
  public NodeParts {
    discoveries = List.copyOf(discoveries);
  }
}
