package dev.brigade.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.partition.Demand.Goal;
import dev.brigade.spi.partition.ModelShape;
import dev.brigade.spi.partition.PlanOutcome;
import dev.brigade.spi.partition.PlanRequest;
import dev.brigade.spi.partition.Prediction;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.testkit.partition.PlanRequests;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for whatever nodes, links and models there are. */
class SmallestSetProperties {

  /** A cluster, a model for it, and a goal. */
  record Case(PlannedCluster cluster, ModelShape model, Goal goal) {
    PlanRequest request() {
      return cluster.request(model, goal);
    }
  }

  @Provide
  Arbitrary<Case> cases() {
    return Combinators.combine(
            Arbitraries.longs(),
            Arbitraries.integers().between(1, 7),
            Arbitraries.integers().between(1, 24),
            Arbitraries.of(Goal.class))
        .as(SmallestSetProperties::randomCase);
  }

  private static Case randomCase(long seed, int nodes, int layers, Goal goal) {
    Random random = new Random(seed);
    PlannedCluster cluster = PlannedCluster.empty();
    for (int i = 0; i < nodes; i++) {
      cluster = withRandomNode(cluster, "n" + i, random);
    }
    for (int i = 0; i < nodes * 2; i++) {
      cluster =
          cluster.linked(
              "n" + random.nextInt(nodes),
              "n" + random.nextInt(nodes),
              random.nextDouble() * 5,
              1 + random.nextInt(1000));
    }
    ModelShape model =
        PlanRequests.model(
            layers,
            1 + random.nextInt(40_000_000),
            random.nextInt(4000),
            random.nextInt(60_000_000));
    return new Case(cluster, model, goal);
  }

  private static PlannedCluster withRandomNode(PlannedCluster cluster, String id, Random random) {
    long memory = 1 + random.nextInt(3000);
    Machine machine =
        random.nextInt(4) == 0
            ? new Machine("shared", 2000 * PlannedCluster.MB)
            : new Machine("machine-" + id, memory * PlannedCluster.MB);
    return cluster.with(id, machine, memory, 1 + random.nextInt(100));
  }

  @Property(tries = 300)
  void theOrderOfMembersDoesNotMatter(@ForAll("cases") Case given, @ForAll Random random) {
    PlanRequest request = given.request();
    List<NodeInfo> shuffled = new ArrayList<>(request.nodes());
    Collections.shuffle(shuffled, random);
    PlanRequest other =
        new PlanRequest(
            request.model(), shuffled, request.links(), request.demand(), request.current());
    assertThat(new SmallestSet().plan(other)).isEqualTo(new SmallestSet().plan(request));
  }

  @Property(tries = 300)
  void oneMoreNodeNeverMakesThePlanWorse(@ForAll("cases") Case given, @ForAll Random random) {
    Case more =
        new Case(withRandomNode(given.cluster(), "new", random), given.model(), given.goal());
    PlanOutcome before = new SmallestSet().plan(given.request());
    PlanOutcome after = new SmallestSet().plan(more.request());
    if (before instanceof PlanOutcome.Planned) {
      assertThat(value(after, given.goal()))
          .isLessThanOrEqualTo(value(before, given.goal()) * (1 + 1e-6) + 2);
    }
  }

  /** Nanoseconds per token. */
  private static double value(PlanOutcome outcome, Goal goal) {
    assertThat(outcome).isInstanceOf(PlanOutcome.Planned.class);
    Prediction prediction = ((PlanOutcome.Planned) outcome).prediction().orElseThrow();
    return goal == Goal.LATENCY
        ? prediction.perToken().toNanos()
        : 1e9 / prediction.tokensPerSecond();
  }

  @Property(tries = 300)
  void noSmallerOrLargerChoiceOfNodesWouldHaveBeenBetter(@ForAll("cases") Case given) {
    PlanRequest request = given.request();
    PlanOutcome outcome = new SmallestSet().plan(request);
    // Every plan of the strategy that uses all devices is one that this one could have chosen.
    PlanOutcome ring = new RingMemoryWeighted().plan(request);
    if (ring instanceof PlanOutcome.Planned && isOneMachineEach(request)) {
      assertThat(value(outcome, given.goal()))
          .isLessThanOrEqualTo(value(ring, given.goal()) * (1 + 1e-6) + 2);
    }
  }

  private static boolean isOneMachineEach(PlanRequest request) {
    return request.nodes().size() <= 3
        && request.nodes().stream().map(node -> node.machine().id()).distinct().count()
            == request.nodes().size();
  }

  @Property(tries = 300)
  void aPlanIsKeptByItself(@ForAll("cases") Case given) {
    if (new SmallestSet().plan(given.request()) instanceof PlanOutcome.Planned planned) {
      PlanRequest again = given.cluster().request(given.model(), given.goal(), planned.plan());
      assertThat(new SmallestSet().plan(again)).isEqualTo(planned);
    }
  }

  @Property(tries = 300)
  void thePlanAndItsMemoryFit(@ForAll("cases") Case given) {
    PlanRequest request = given.request();
    if (new SmallestSet().plan(request) instanceof PlanOutcome.Planned planned) {
      assertThat(planned.plan().layers()).isEqualTo(request.model().layers());
      long[] onShared = {0};
      for (int i = 0; i < planned.plan().stages().size(); i++) {
        long bytes = planned.prediction().orElseThrow().stages().get(i).memoryBytes();
        NodeInfo node = node(request, planned, i);
        assertThat(bytes).isLessThanOrEqualTo(node.memoryBytes());
        onShared[0] += node.machine().id().equals("shared") ? bytes : 0;
      }
      assertThat(onShared[0]).isLessThanOrEqualTo(2000 * PlannedCluster.MB);
    }
  }

  private static NodeInfo node(PlanRequest request, PlanOutcome.Planned planned, int stage) {
    return request.nodes().stream()
        .filter(node -> node.id().equals(planned.plan().stages().get(stage).node()))
        .findFirst()
        .orElseThrow();
  }
}
