package dev.brigade.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.ModelShape;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Six layers of 100 weights in four bytes; KV caches of 50 tokens take 200 bytes a layer, hidden
 * states of a pass 32 768 bytes, and logits 40.
 */
class StandbyMemoryTest {
  private static final ModelRef REF = new ModelRef("m", "00000000");
  private static final ModelShape MODEL =
      new ModelShape(
          REF, 8, 10, 100, Collections.nCopies(6, 100L), Collections.nCopies(6, 1L), 0, 0, false);
  private static final Demand DEMAND =
      new Demand(50, 1, List.of(Precision.F32), Demand.Goal.LATENCY);
  private static final Plan ACTIVE = plan("a", 0, 3, "b", 3, 6);
  private static final Plan SPARE = plan("a", 0, 4, "c", 4, 6);

  private static Plan plan(String one, int first, int cut, String other, int from, int last) {
    return Plan.of(REF, List.of(stage(one, first, cut), stage(other, from, last)));
  }

  private static Stage stage(String node, int first, int last) {
    return new Stage(new NodeId(node), "toy", first, last, Precision.F32, DType.F32);
  }

  private static NodeInfo node(String id, Machine machine, long memoryBytes) {
    EngineProfile.Cost cost = new EngineProfile.Cost(Precision.F32, 4, 4, DType.F32, Map.of());
    return new NodeInfo(
        new NodeId(id),
        id,
        machine,
        new Endpoint("host", 1),
        Optional.empty(),
        new EngineProfile("toy", "none", List.of(cost), Set.of(DType.F32), 4, 10),
        memoryBytes,
        List.of(),
        NodeState.UP);
  }

  private static Optional<String> missing(long memoryOfA, Machine machine) {
    List<NodeInfo> nodes =
        List.of(
            node("a", machine, memoryOfA), node("b", machine, 99_999), node("c", machine, 99_999));
    return new StandbyMemory(MODEL, DEMAND, nodes).missing(List.of(ACTIVE, SPARE));
  }

  @Test
  void layersOfSeveralPlansCountOnceAndKvForTheMostDemanding() {
    // Layers 0..3: 1600 bytes; KV caches for the four of the spare plan: 800; the engine: 10;
    // hidden states: 32 768.
    Machine large = new Machine("large", 999_999);
    assertThat(missing(35_178, large)).isEmpty();
    assertThat(missing(35_177, large))
        .hasValueSatisfying(
            sum -> assertThat(sum).contains("node a", "35178", "35177", "{0, 1, 2, 3}"));
  }

  @Test
  void nodesOfAMachineMustFitTogether() {
    // a: 35 178; b has layers 3..5 and the head: 34 618; c has 4..5 and the head: 34 018.
    assertThat(missing(99_999, new Machine("small", 103_814))).isEmpty();
    assertThat(missing(99_999, new Machine("small", 103_813)))
        .hasValueSatisfying(sum -> assertThat(sum).contains("machine small", "103814", "103813"));
  }
}
