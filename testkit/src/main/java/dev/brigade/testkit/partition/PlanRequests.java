package dev.brigade.testkit.partition;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.ModelShape;
import dev.brigade.spi.partition.PlanRequest;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Requests for plans as a test needs them: nodes by their memory, models by their layers. */
public final class PlanRequests {
  private PlanRequests() {}

  /** Nodes {@code n0, n1…}, each on a machine of its own, with these bytes of memory. */
  public static List<NodeInfo> nodes(long... memoryBytes) {
    List<NodeInfo> nodes = new ArrayList<>();
    for (int i = 0; i < memoryBytes.length; i++) {
      nodes.add(node("n" + i, new Machine("m" + i, memoryBytes[i]), memoryBytes[i]));
    }
    return nodes;
  }

  /** A node that is up, with an engine that has f32 alone. */
  public static NodeInfo node(String id, Machine machine, long memoryBytes) {
    EngineProfile.Cost cost = new EngineProfile.Cost(Precision.F32, 4, 4, DType.F32, Map.of());
    EngineProfile profile =
        new EngineProfile("test", "none", List.of(cost), Set.of(DType.F32), 1, 0);
    return new NodeInfo(
        new NodeId(id),
        id,
        machine,
        new Endpoint("localhost", 1),
        Optional.empty(),
        profile,
        memoryBytes,
        List.of(),
        NodeState.UP);
  }

  /** A model of equal layers. */
  public static ModelShape model(int layers, long layerWeights, long layerKv, long tableWeights) {
    return new ModelShape(
        new ModelRef("test/model", "0123456789abcdef"),
        64,
        320,
        4096,
        Collections.nCopies(layers, layerWeights),
        Collections.nCopies(layers, layerKv),
        tableWeights,
        tableWeights,
        false);
  }

  /** A request for one sequence in f32. */
  public static PlanRequest request(ModelShape model, List<NodeInfo> nodes, int context) {
    Demand demand = new Demand(context, 1, List.of(Precision.F32), Demand.Goal.LATENCY);
    return new PlanRequest(model, nodes, List.of(), demand, List.of());
  }
}
