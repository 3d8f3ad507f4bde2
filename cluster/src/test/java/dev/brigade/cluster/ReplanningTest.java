package dev.brigade.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.observe.ClusterEvent;
import dev.brigade.cluster.plan.FixedCuts;
import dev.brigade.cluster.plan.SmallestSet;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.PlanOutcome;
import dev.brigade.spi.partition.PlanRequest;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.MeasuredLink;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.testkit.golden.GoldenModel;
import dev.brigade.testkit.golden.GoldenPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What makes a node plan anew, and what becomes of requests meanwhile. */
class ReplanningTest {
  private static final long SECONDS = 60;
  private static final long PLENTY = 1L << 30;
  private static final GoldenModel LLAMA = GoldenModel.named("llama");
  private static final GoldenPrompt PROMPT = LLAMA.prompts().get(1);

  private static GenerationRequest request(int maxTokens) {
    return new GenerationRequest(
        LLAMA.folder().toString(),
        PROMPT.ids(),
        maxTokens,
        SamplingParameters.greedy(),
        List.of(),
        true,
        false);
  }

  private static Plan onlyPlan(ClusterState state) {
    assertThat(state.plans()).hasSize(1);
    return state.plans().get(0);
  }

  private static void resize(Node node, long memoryBytes) {
    node.resize(new Machine(node.self().machine().id(), memoryBytes), memoryBytes);
  }

  @Test
  void nodesMeasureTheirLinksAndTellTheOthers() throws Exception {
    try (LocalCluster cluster = LocalCluster.planned(new SmallestSet(), 3, PLENTY)) {
      ClusterState state =
          cluster
              .node(0)
              .when(now -> now.nodes().stream().allMatch(node -> node.links().size() == 2))
              .get(SECONDS, TimeUnit.SECONDS);
      NodeId second = cluster.node(1).self().id();
      assertThat(state.nodes().get(0).links())
          .extracting(MeasuredLink::to)
          .contains(second)
          .doesNotContain(state.self());
    }
  }

  /** The smallest set, and what came of each look at this many nodes. */
  private record Watched(int nodes, BlockingQueue<PlanOutcome> outcomes)
      implements PartitionStrategy {
    @Override
    public PlanOutcome plan(PlanRequest request) {
      PlanOutcome outcome = new SmallestSet().plan(request);
      if (request.nodes().size() == nodes && !request.current().isEmpty()) {
        outcomes.add(outcome);
      }
      return outcome;
    }
  }

  @Test
  void aDeviceThatJoinsIsLookedAtAndDoesNotMoveAModelThatIsServedWell() throws Exception {
    BlockingQueue<PlanOutcome> looks = new LinkedBlockingQueue<>();
    try (LocalCluster cluster = LocalCluster.restless(new Watched(2, looks)).with(1, PLENTY)) {
      cluster.run(request(3));
      Plan plan = onlyPlan(cluster.node(0).state());
      cluster.join(PLENTY);
      PlanOutcome outcome = looks.poll(SECONDS, TimeUnit.SECONDS);
      assertThat(outcome).isInstanceOf(PlanOutcome.Planned.class);
      assertThat(((PlanOutcome.Planned) outcome).plan()).isEqualTo(plan);
      assertThat(outcome.reasons().get(cluster.node(1).self().id())).contains("left out");
      assertThat(cluster.loads()).hasSize(1);
    }
  }

  @Test
  void memoryThatIsGoneMovesTheModelAndMemoryThatComesBackDoesNot() throws Exception {
    try (LocalCluster cluster = LocalCluster.restless(new SmallestSet()).with(2, PLENTY)) {
      cluster.run(request(3));
      Stage first = onlyPlan(cluster.node(0).state()).stages().get(0);
      Node holder = cluster.node(cluster.node(0).self().id().equals(first.node()) ? 0 : 1);
      resize(holder, 300_000);
      ClusterState moved =
          cluster
              .node(0)
              .when(
                  state ->
                      state.plans().stream()
                          .flatMap(plan -> plan.stages().stream())
                          .anyMatch(stage -> !stage.node().equals(first.node())))
              .get(SECONDS, TimeUnit.SECONDS);
      int loads = cluster.loads().size();
      resize(holder, PLENTY);
      cluster
          .node(0)
          .when(state -> state.nodes().stream().allMatch(node -> node.memoryBytes() == PLENTY))
          .get(SECONDS, TimeUnit.SECONDS);
      List<GenerationEvent> events = cluster.run(request(32));
      GenerationEvent.Finished end = (GenerationEvent.Finished) events.get(events.size() - 1);
      assertThat(end.tokens()).isEqualTo(PROMPT.greedyIds());
      assertThat(onlyPlan(cluster.node(0).state())).isEqualTo(onlyPlan(moved));
      assertThat(cluster.loads()).hasSize(loads);
    }
  }

  /** All on the first node, until it is to be cut before the last layer. */
  private static PartitionStrategy cutWhen(AtomicBoolean cut) {
    return request ->
        cut.get()
            ? new FixedCuts(List.of(3)).plan(request)
            : new FixedCuts(List.of())
                .plan(
                    new PlanRequest(
                        request.model(),
                        request.nodes().subList(0, 1),
                        request.links(),
                        request.demand(),
                        request.current()));
  }

  /** The order in which a plan of two stages is ready and a request ends that began before it. */
  private static List<String> cutWhileARequestRuns(long memoryBytes) throws Exception {
    AtomicBoolean cut = new AtomicBoolean();
    try (LocalCluster cluster = LocalCluster.restless(cutWhen(cut)).with(2, memoryBytes)) {
      cluster.run(request(1));
      List<String> order = new ArrayList<>();
      CompletableFuture<Void> ready = new CompletableFuture<>();
      cluster
          .node(0)
          .observe(
              event -> {
                if (event instanceof ClusterEvent.PlanReady) {
                  order.add("new plan");
                  ready.complete(null);
                }
              });
      List<Integer> tokens = new ArrayList<>();
      CompletableFuture<GenerationEvent> end = new CompletableFuture<>();
      cluster
          .node(0)
          .generate(
              request(1000),
              event -> {
                if (event instanceof GenerationEvent.Token token) {
                  tokens.add(token.id());
                  if (tokens.size() == 3) {
                    cut.set(true);
                    resize(cluster.node(1), memoryBytes + 1);
                  }
                } else if (event instanceof GenerationEvent.Finished
                    || event instanceof GenerationEvent.Failed) {
                  order.add("end of request");
                  end.complete(event);
                }
              });
      GenerationEvent last = end.get(SECONDS, TimeUnit.SECONDS);
      ready.get(SECONDS, TimeUnit.SECONDS);
      assertThat(last).isInstanceOf(GenerationEvent.Finished.class);
      assertThat(((GenerationEvent.Finished) last).usage().stages()).hasSize(1);
      assertThat(((GenerationEvent.Finished) last).usage().recoveries()).isZero();
      assertThat(tokens.subList(0, PROMPT.greedyIds().size())).isEqualTo(PROMPT.greedyIds());
      assertThat(onlyPlan(cluster.node(0).state()).stages()).hasSize(2);
      return order;
    }
  }

  @Test
  void newShardsLoadWhileTheOldPlanServes() throws Exception {
    assertThat(cutWhileARequestRuns(PLENTY)).containsExactly("new plan", "end of request");
  }

  @Test
  void whereOldAndNewDoNotFitTogetherTheOldPlanDrainsFirst() throws Exception {
    // The whole model with one KV cache and activations takes 1 216 000 bytes, of which the running
    // request leaves less than three more layers need.
    assertThat(cutWhileARequestRuns(1_220_000)).containsExactly("end of request", "new plan");
  }
}
