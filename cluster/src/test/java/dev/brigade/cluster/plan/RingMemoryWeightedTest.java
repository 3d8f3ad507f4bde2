package dev.brigade.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.partition.ModelShape;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.PlanOutcome;
import dev.brigade.spi.partition.PlanRequest;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.testkit.partition.PartitionStrategyContract;
import dev.brigade.testkit.partition.PlanRequests;
import java.util.List;
import org.junit.jupiter.api.Test;

class RingMemoryWeightedTest extends PartitionStrategyContract {
  private static final ModelShape MODEL = PlanRequests.model(16, 100, 1, 0);

  @Override
  protected PartitionStrategy strategy() {
    return new RingMemoryWeighted();
  }

  private static List<Stage> stages(List<NodeInfo> nodes) {
    PlanOutcome outcome = new RingMemoryWeighted().plan(PlanRequests.request(MODEL, nodes, 10));
    assertThat(outcome).isInstanceOf(PlanOutcome.Planned.class);
    return ((PlanOutcome.Planned) outcome).plan().stages();
  }

  private static String cuts(List<Stage> stages) {
    return stages.stream()
        .map(stage -> stage.node() + ":" + stage.first() + "-" + stage.last())
        .reduce((a, b) -> a + " " + b)
        .orElse("");
  }

  @Test
  void layersFollowTheCumulativeFractionsOfMemory() {
    // Fractions 8/14, 12/14, 1 of 16 layers: ends at 9.14, 13.71 and 16.
    assertThat(cuts(stages(PlanRequests.nodes(4_000_000, 8_000_000, 2_000_000))))
        .isEqualTo("n1:0-9 n0:9-13 n2:13-16");
  }

  @Test
  void equalDevicesShareEvenlyInTheOrderOfTheirIds() {
    assertThat(cuts(stages(PlanRequests.nodes(1 << 20, 1 << 20, 1 << 20, 1 << 20))))
        .isEqualTo("n0:0-4 n1:4-8 n2:8-12 n3:12-16");
  }

  @Test
  void aDeviceWithLessThanALayersShareIsLeftOut() {
    assertThat(cuts(stages(PlanRequests.nodes(1 << 30, 1 << 20, 1 << 30))))
        .isEqualTo("n0:0-7 n2:7-15 n1:15-16");
    assertThat(cuts(stages(PlanRequests.nodes(1 << 30, 0, 1 << 30)))).doesNotContain("n1");
  }

  @Test
  void nodesOfOneMachineCountWithTheirShareOfItsMemory() {
    Machine shared = new Machine("shared", 1 << 20);
    List<NodeInfo> nodes =
        List.of(
            PlanRequests.node("a", shared, 1 << 20),
            PlanRequests.node("b", shared, 1 << 20),
            PlanRequests.node("c", new Machine("own", 1 << 20), 1 << 20));
    assertThat(cuts(stages(nodes))).isEqualTo("c:0-8 a:8-12 b:12-16");
    assertThat(stages(nodes)).extracting(Stage::node).contains(new NodeId("a"));
  }

  @Test
  void memoryThatWaversMovesNoLayersAndMemoryThatIsGoneDoes() {
    Plan first = plan(PlanRequests.nodes(8_000_000, 8_000_000), List.of());
    assertThat(plan(PlanRequests.nodes(8_000_000, 8_900_000), List.of(first))).isNotEqualTo(first);
    assertThat(plan(PlanRequests.nodes(8_900_000, 8_000_000), List.of(first))).isEqualTo(first);
    assertThat(plan(PlanRequests.nodes(16_000_000, 8_000_000), List.of(first))).isNotEqualTo(first);
  }

  private static Plan plan(List<NodeInfo> nodes, List<Plan> current) {
    PlanRequest fresh = PlanRequests.request(MODEL, nodes, 10);
    PlanOutcome outcome =
        new RingMemoryWeighted()
            .plan(new PlanRequest(fresh.model(), nodes, fresh.links(), fresh.demand(), current));
    return ((PlanOutcome.Planned) outcome).plan();
  }
}
