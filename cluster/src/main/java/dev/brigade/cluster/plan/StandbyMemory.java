package dev.brigade.cluster.plan;

import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.ModelShape;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.NodeInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether plans that are loaded at the same time fit, of which one serves at a time: a node holds
 * each layer's weights once, however many of the plans have it there, and KV caches and activations
 * for the most demanding of them. A pure function; what an engine really takes is for its node to
 * admit.
 */
record StandbyMemory(ModelShape model, Demand demand, List<NodeInfo> nodes) {
  StandbyMemory {
    nodes = List.copyOf(nodes);
  }

  /**
   * @return the sum that breaks, for a person to read; empty if all fit
   */
  Optional<String> missing(List<Plan> plans) {
    Map<Machine, Long> machines = new LinkedHashMap<>();
    for (NodeInfo node : nodes) {
      List<Stage> stages =
          plans.stream()
              .flatMap(plan -> plan.stages().stream())
              .filter(stage -> stage.node().equals(node.id()))
              .toList();
      if (stages.isEmpty()) {
        continue;
      }
      long bytes = bytes(node, stages);
      machines.merge(node.machine(), bytes, Long::sum);
      if (bytes > node.memoryBytes()) {
        return Optional.of(
            "node %s needs %d bytes to hold layers %s at once, KV caches included; it may use %d"
                .formatted(node.name(), bytes, held(stages), node.memoryBytes()));
      }
    }
    return machines.entrySet().stream()
        .filter(machine -> machine.getValue() > machine.getKey().memoryBytes())
        .map(
            machine ->
                "machine %s needs %d bytes for its nodes together, it has %d"
                    .formatted(
                        machine.getKey().id(), machine.getValue(), machine.getKey().memoryBytes()))
        .findFirst();
  }

  private long bytes(NodeInfo node, List<Stage> stages) {
    StageCosts costs = new StageCosts(model, demand);
    double weights = 0;
    long serving = 0;
    for (Precision precision : stages.stream().map(Stage::precision).distinct().toList()) {
      Optional<EngineProfile.Cost> cost = model.cost(node.profile(), precision);
      if (cost.isEmpty()) {
        continue; // the node refuses such a stage itself, and says so better
      }
      List<Stage> alike = stages.stream().filter(s -> s.precision() == precision).toList();
      weights += held(alike).weights(model) * cost.get().bytesPerWeight();
      for (Stage stage : alike) {
        long kv = costs.kvBytes(cost.get(), stage.first(), stage.last());
        serving = Math.max(serving, kv + costs.activationBytes(stage.last()));
      }
    }
    return (long) Math.ceil(weights) + serving + node.profile().runtimeBytes();
  }

  private static HeldLayers held(List<Stage> stages) {
    HeldLayers layers = new HeldLayers();
    stages.forEach(stage -> layers.add(stage.first(), stage.last()));
    return layers;
  }
}
