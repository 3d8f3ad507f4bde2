package dev.brigade.testkit.partition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.ModelShape;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.partition.PlanOutcome;
import dev.brigade.spi.partition.PlanRequest;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Every rule of {@link PartitionStrategy}. A strategy's test extends this and says how one is made:
 *
 * <pre>{@code
 * class MyStrategyTest extends PartitionStrategyContract {
 *   protected PartitionStrategy strategy() {
 *     return new MyStrategy();
 *   }
 * }
 * }</pre>
 */
public abstract class PartitionStrategyContract {
  private static final int RANDOM_REQUESTS = 300;

  /** A new strategy. */
  protected abstract PartitionStrategy strategy();

  private PlanOutcome plan(PlanRequest request) {
    return strategy().plan(request);
  }

  private static PlanRequest random(Random random) {
    ModelShape model =
        PlanRequests.model(
            1 + random.nextInt(80),
            1 + random.nextInt(1_000_000),
            random.nextInt(1000),
            random.nextInt(1_000_000));
    List<NodeInfo> nodes = new ArrayList<>();
    int count = 1 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      long memory = (long) (random.nextDouble() * 400_000_000L);
      nodes.add(PlanRequests.node("n" + i, new Machine("m" + i % 4, 300_000_000L), memory));
    }
    return PlanRequests.request(model, nodes, 1 + random.nextInt(2000));
  }

  @Test
  void theSameRequestGivesTheSameOutcome() {
    Random random = new Random(1);
    for (int i = 0; i < RANDOM_REQUESTS; i++) {
      PlanRequest request = random(random);
      assertThat(plan(request)).isEqualTo(plan(request));
    }
  }

  @Test
  void plansFitTheMemoryOfNodesAndMachines() {
    Random random = new Random(2);
    int planned = 0;
    for (int i = 0; i < RANDOM_REQUESTS; i++) {
      PlanRequest request = random(random);
      if (plan(request) instanceof PlanOutcome.Planned outcome) {
        planned++;
        assertThat(outcome.plan().layers()).isEqualTo(request.model().layers());
        assertFits(request, outcome);
      }
    }
    assertThat(planned).as("requests that could be planned").isPositive();
  }

  private static void assertFits(PlanRequest request, PlanOutcome.Planned outcome) {
    Map<Machine, Double> machines = new HashMap<>();
    for (Stage stage : outcome.plan().stages()) {
      NodeInfo node = node(request, stage.node());
      double bytes = bytes(request, stage, node);
      assertThat(bytes).as("stage %s", stage).isLessThanOrEqualTo(node.memoryBytes());
      machines.merge(node.machine(), bytes, Double::sum);
    }
    machines.forEach(
        (machine, bytes) ->
            assertThat(bytes).as("%s", machine).isLessThanOrEqualTo(machine.memoryBytes()));
  }

  private static double bytes(PlanRequest request, Stage stage, NodeInfo node) {
    var cost = node.profile().cost(stage.precision()).orElseThrow();
    Demand demand = request.demand();
    double tokens = (double) demand.context() * demand.sequences();
    return request.model().weights(stage.first(), stage.last()) * cost.bytesPerWeight()
        + request.model().kv(stage.first(), stage.last()) * cost.bytesPerKvElement() * tokens
        + node.profile().runtimeBytes();
  }

  private static NodeInfo node(PlanRequest request, NodeId id) {
    return request.nodes().stream().filter(node -> node.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheSum() {
    ModelShape model = PlanRequests.model(8, 1_000_000, 10, 0);
    PlanOutcome outcome =
        plan(PlanRequests.request(model, PlanRequests.nodes(1_000_000, 2_000_000), 100));
    assertThat(outcome).isInstanceOf(PlanOutcome.Refused.class);
    assertThat(((PlanOutcome.Refused) outcome).missing())
        .isNotEmpty()
        .allSatisfy(sum -> assertThat(sum).containsPattern("\\d+"));
  }

  @Test
  void noNodesIsRefusedAndNoException() {
    ModelShape model = PlanRequests.model(8, 10, 10, 0);
    assertThat(plan(PlanRequests.request(model, List.of(), 100)))
        .isInstanceOf(PlanOutcome.Refused.class);
  }

  @Test
  void nodesThatTakeNothingNewGetNothing() {
    ModelShape model = PlanRequests.model(8, 10, 10, 0);
    List<NodeInfo> nodes = new ArrayList<>(PlanRequests.nodes(1 << 30, 1 << 30, 1 << 30));
    nodes.set(1, nodes.get(1).withState(NodeState.DRAINING));
    PlanOutcome outcome = plan(PlanRequests.request(model, nodes, 100));
    assertThat(outcome).isInstanceOf(PlanOutcome.Planned.class);
    assertThat(((PlanOutcome.Planned) outcome).plan().stages())
        .noneMatch(stage -> stage.node().equals(new NodeId("n1")));
  }

  @Test
  void everyNodeIsToldWhy() {
    ModelShape model = PlanRequests.model(8, 10, 10, 0);
    List<NodeInfo> nodes = PlanRequests.nodes(1 << 30, 1 << 20, 1 << 10);
    assertThat(plan(PlanRequests.request(model, nodes, 100)).reasons())
        .containsOnlyKeys(nodes.stream().map(NodeInfo::id).toList());
  }
}
