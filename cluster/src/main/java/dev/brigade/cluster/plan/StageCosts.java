package dev.brigade.cluster.plan;

import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.ModelShape;
import dev.brigade.spi.transport.NodeInfo;
import java.util.List;
import java.util.Optional;

/** What layers of a model cost on a node. */
final class StageCosts {
  private final ModelShape model;
  private final Demand demand;

  StageCosts(ModelShape model, Demand demand) {
    this.model = model;
    this.demand = demand;
  }

  /** The precision that the node's engine would use: the first wanted that it has. */
  Optional<EngineProfile.Cost> cost(NodeInfo node) {
    List<Precision> wanted = demand.precisions();
    if (wanted.isEmpty()) {
      return Optional.of(node.profile().costs().get(0));
    }
    return wanted.stream()
        .flatMap(precision -> node.profile().cost(precision).stream())
        .findFirst();
  }

  /**
   * Memory of layers {@code [first, last)} with the KV caches of the demand and the engine itself.
   */
  long bytes(NodeInfo node, EngineProfile.Cost cost, int first, int last) {
    double weights = model.weights(first, last) * cost.bytesPerWeight();
    double kv =
        model.kv(first, last) * cost.bytesPerKvElement() * demand.context() * demand.sequences();
    return (long) Math.ceil(weights + kv) + node.profile().runtimeBytes();
  }
}
