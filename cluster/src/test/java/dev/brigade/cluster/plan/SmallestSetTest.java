package dev.brigade.cluster.plan;

import static dev.brigade.cluster.plan.PlannedCluster.MB;
import static dev.brigade.cluster.plan.PlannedCluster.layersOf100MB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.partition.Demand.Goal;
import dev.brigade.spi.partition.ModelShape;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.PlanOutcome;
import dev.brigade.spi.partition.Prediction;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.testkit.partition.PartitionStrategyContract;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SmallestSetTest extends PartitionStrategyContract {
  private static final ModelShape MODEL = layersOf100MB(10);

  @Override
  protected PartitionStrategy strategy() {
    return new SmallestSet();
  }

  private static PlanOutcome.Planned plan(PlannedCluster cluster, Goal goal, Plan... current) {
    PlanOutcome outcome = new SmallestSet().plan(cluster.request(MODEL, goal, current));
    assertThat(outcome).isInstanceOf(PlanOutcome.Planned.class);
    return (PlanOutcome.Planned) outcome;
  }

  private static String cuts(PlanOutcome.Planned planned) {
    return planned.plan().stages().stream()
        .map(stage -> stage.node() + ":" + stage.first() + "-" + stage.last())
        .collect(Collectors.joining(" "));
  }

  private static String reason(PlanOutcome outcome, String node) {
    return outcome.reasons().get(new NodeId(node));
  }

  @Test
  void aModelThatFitsTheFastestDeviceStaysThereWhole() {
    PlannedCluster cluster =
        PlannedCluster.empty().with("slow", 4000, 10).with("fast", 4000, 100).with("mid", 4000, 50);
    PlanOutcome.Planned planned = plan(cluster, Goal.LATENCY);
    assertThat(cuts(planned)).isEqualTo("fast:0-10");
    // 1 GB at 100 GB/s, and the way to the engine; with "mid", one layer and two hops more.
    assertThat(planned.prediction().map(Prediction::perToken).orElseThrow().toNanos() / 1000)
        .isEqualTo(10_100);
    assertThat(reason(planned, "mid"))
        .contains("left out")
        .contains("ms slower per token with it")
        .contains("instead of 10.1 ms");
  }

  @Test
  void aModelThatFitsNoDeviceFillsTheFastestFirst() {
    PlannedCluster cluster =
        PlannedCluster.empty().with("a", 650, 10).with("b", 650, 100).with("c", 650, 20);
    // Six layers fit each: as many as go to the fastest, the rest to the next; the slowest is out.
    PlanOutcome.Planned planned = plan(cluster, Goal.LATENCY);
    assertThat(cuts(planned)).isIn("b:0-6 c:6-10", "c:0-4 b:4-10");
    assertThat(reason(planned, "a")).contains("left out").contains("slower per token");
  }

  @Test
  void aSlowLinkCountsLikeASlowDevice() {
    PlannedCluster cluster =
        PlannedCluster.empty()
            .with("a", 650, 100)
            .with("b", 650, 100)
            .with("c", 650, 90)
            .linked("a", "b", 80, 1)
            .linked("a", "c", 0.2, 1000)
            .linked("b", "c", 80, 1);
    assertThat(cuts(plan(cluster, Goal.LATENCY))).isIn("a:0-6 c:6-10", "c:0-4 a:4-10");
  }

  @Test
  void throughputSpreadsTheWorkAndSaysWhatAStrangerWouldNotAdd() {
    PlannedCluster cluster =
        PlannedCluster.empty()
            .with("a", 4000, 100)
            .with("b", 4000, 100)
            .with("c", 4000, 1)
            .linked("a", "b", 0.2, 1000)
            .linked("a", "c", 0.2, 1000)
            .linked("b", "c", 0.2, 1000);
    PlanOutcome.Planned planned = plan(cluster, Goal.THROUGHPUT);
    assertThat(cuts(planned)).isEqualTo("a:0-5 b:5-10");
    assertThat(planned.prediction().orElseThrow().tokensPerSecond()).isBetween(190.0, 200.0);
    assertThat(reason(planned, "c")).contains("tokens per second with it");
  }

  @Test
  void nodesOfOneMachineShareItsMemoryAndItIsNotUsedTwice() {
    Machine machine = new Machine("both", 650 * MB);
    PlannedCluster cluster =
        PlannedCluster.empty()
            .with("a", machine, 650, 100)
            .with("b", machine, 650, 100)
            .with("c", 650, 10);
    assertThat(plan(cluster, Goal.LATENCY).plan().stages())
        .extracting(stage -> stage.node().value())
        .contains("c");
  }

  @Test
  void aCurrentPlanIsKeptUnlessAnotherIsBetterByTheMargin() {
    PlannedCluster before = PlannedCluster.empty().with("a", 4000, 100);
    Plan current = plan(before, Goal.LATENCY).plan();
    PlanOutcome.Planned alittle = plan(before.with("b", 4000, 110), Goal.LATENCY, current);
    assertThat(alittle.plan()).isEqualTo(current);
    assertThat(reason(alittle, "b")).contains("too little to move for");
    PlanOutcome.Planned much = plan(before.with("b", 4000, 130), Goal.LATENCY, current);
    assertThat(cuts(much)).isEqualTo("b:0-10");
  }

  @Test
  void aCurrentPlanThatDoesNotFitAnyMoreIsReplaced() {
    PlannedCluster before = PlannedCluster.empty().with("a", 4000, 100).with("b", 4000, 20);
    Plan current = plan(before, Goal.LATENCY).plan();
    PlannedCluster shrunk = PlannedCluster.empty().with("a", 350, 100).with("b", 4000, 20);
    assertThat(plan(shrunk, Goal.LATENCY, current).plan()).isNotEqualTo(current);
  }

  @Test
  void whatFitsNowhereIsRefusedWithTheWholeSum() {
    PlannedCluster cluster = PlannedCluster.empty().with("a", 350, 100).with("b", 450, 100);
    PlanOutcome outcome = new SmallestSet().plan(cluster.request(MODEL, Goal.LATENCY));
    assertThat(outcome).isInstanceOf(PlanOutcome.Refused.class);
    assertThat(((PlanOutcome.Refused) outcome).missing())
        .anySatisfy(sum -> assertThat(sum).contains("needs").contains("1000000000 of them weights"))
        .anySatisfy(sum -> assertThat(sum).contains("node b").contains("room for 4 of 10 layers"));
  }

  @Test
  void sixteenUnlikeDevicesOfWhichHalfAreNeededArePlannedByCountedSteps() {
    PlannedCluster cluster = PlannedCluster.empty();
    for (int i = 0; i < 16; i++) {
      cluster = cluster.with("n" + (char) ('a' + i), 950 + 37 * i, 20 + (i * 7) % 16);
    }
    ModelShape model = layersOf100MB(80);
    for (Goal goal : Goal.values()) {
      PlanOutcome outcome = new SmallestSet().plan(cluster.request(model, goal));
      assertThat(outcome).isInstanceOf(PlanOutcome.Planned.class);
    }
  }

  @Test
  void aMarginOutsideOfItsRangeIsRefusedByItsValue() {
    assertThatThrownBy(() -> new SmallestSet(1.5)).hasMessageContaining("1.5");
  }
}
