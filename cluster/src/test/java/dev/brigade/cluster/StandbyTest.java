package dev.brigade.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.observe.ClusterEvent;
import dev.brigade.cluster.plan.RingMemoryWeighted;
import dev.brigade.cluster.plan.StandbyPlan;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.spi.partition.ModelShape;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.testkit.golden.GoldenModel;
import dev.brigade.testkit.golden.GoldenPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Spare holders of shards, in clusters that do not plan anew by themselves after a loss. */
class StandbyTest {
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

  /** Room for half of the model with KV caches and activations, but not for all of it. */
  private static long fourFifths() throws Exception {
    ModelShape model = new FolderLibrary().open(LLAMA.folder().toString()).shape();
    long weights = model.weights(0, model.layers());
    long kv = 1024 * model.kv(0, model.layers());
    return (weights + kv) * Float.BYTES * 4 / 5;
  }

  private static List<StandbyPlan> standbys(LocalCluster cluster, int count) throws Exception {
    return cluster
        .node(0)
        .when(state -> state.standbys().size() == count)
        .get(SECONDS, TimeUnit.SECONDS)
        .standbys();
  }

  private static GenerationEvent.Finished finished(List<GenerationEvent> events) {
    assertThat(events).last().isInstanceOf(GenerationEvent.Finished.class);
    return (GenerationEvent.Finished) events.get(events.size() - 1);
  }

  private static List<Plan> plans(List<GenerationEvent> events) {
    return events.stream()
        .filter(GenerationEvent.Planned.class::isInstance)
        .map(event -> ((GenerationEvent.Planned) event).plan())
        .toList();
  }

  /**
   * Runs a request, and closes a node at its fifth token.
   *
   * @param loads is given how much has been loaded by the time of each plan
   */
  private static List<GenerationEvent> losing(int node, LocalCluster cluster, List<Integer> loads)
      throws Exception {
    List<GenerationEvent> events = new CopyOnWriteArrayList<>();
    CompletableFuture<List<GenerationEvent>> end = new CompletableFuture<>();
    cluster
        .node(0)
        .generate(
            request(32),
            event -> {
              events.add(event);
              if (event instanceof GenerationEvent.Planned) {
                loads.add(cluster.loads().size());
              }
              long tokens = events.stream().filter(GenerationEvent.Token.class::isInstance).count();
              if (event instanceof GenerationEvent.Token && tokens == 5) {
                cluster.node(node).close();
              } else if (event instanceof GenerationEvent.Finished
                  || event instanceof GenerationEvent.Failed) {
                end.complete(events);
              }
            });
    return end.get(SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void aLostNodeIsReplacedWithoutLoadingAnything() throws Exception {
    try (LocalCluster cluster =
        LocalCluster.unsettled(new RingMemoryWeighted(), true).with(3, PLENTY)) {
      List<ClusterEvent> told = new CopyOnWriteArrayList<>();
      cluster.node(0).observe(told::add);
      cluster.run(request(1));
      NodeId lost = cluster.node(2).self().id();
      List<StandbyPlan> standbys = standbys(cluster, 2);
      int before = cluster.loads().size();

      List<Integer> loads = new CopyOnWriteArrayList<>();
      List<GenerationEvent> events = losing(2, cluster, loads);

      assertThat(finished(events).tokens()).isEqualTo(PROMPT.greedyIds());
      assertThat(finished(events).usage().recoveries()).isPositive();
      Plan spare =
          standbys.stream().filter(s -> s.lost().equals(lost)).findFirst().orElseThrow().plan();
      assertThat(plans(events)).hasSize(2).last().isEqualTo(spare);
      assertThat(spare.stages()).extracting(Stage::node).doesNotContain(lost);
      assertThat(loads).containsExactly(before, before);
      assertThat(told)
          .filteredOn(ClusterEvent.StandbyTaken.class::isInstance)
          .containsExactly(new ClusterEvent.StandbyTaken(spare, plans(events).get(0).id()));
    }
  }

  @Test
  void withoutStandbyTheSameLossTakesLoading() throws Exception {
    try (LocalCluster cluster =
        LocalCluster.unsettled(new RingMemoryWeighted(), false).with(3, PLENTY)) {
      cluster.run(request(1));
      int before = cluster.loads().size();
      List<Integer> loads = new CopyOnWriteArrayList<>();
      List<GenerationEvent> events = losing(2, cluster, loads);
      assertThat(finished(events).tokens()).isEqualTo(PROMPT.greedyIds());
      assertThat(loads.get(loads.size() - 1)).isGreaterThan(before);
    }
  }

  @Test
  void theStandbyOfARequestIsThereBeforeItsFirstToken() throws Exception {
    try (LocalCluster cluster =
        LocalCluster.unsettled(new RingMemoryWeighted(), false).with(2, PLENTY)) {
      cluster.run(request(1));
      assertThat(cluster.node(0).state().standbys()).isEmpty();
      List<List<StandbyPlan>> seen = new ArrayList<>();
      CompletableFuture<Void> end = new CompletableFuture<>();
      cluster
          .node(0)
          .generate(
              request(1).withStandby(),
              event -> {
                if (event instanceof GenerationEvent.Token) {
                  seen.add(cluster.node(0).state().standbys());
                } else if (event instanceof GenerationEvent.Finished) {
                  end.complete(null);
                }
              });
      end.get(SECONDS, TimeUnit.SECONDS);
      assertThat(seen).hasSize(1);
      assertThat(seen.get(0))
          .extracting(StandbyPlan::lost)
          .containsExactly(cluster.node(1).self().id());
      assertThat(seen.get(0).get(0).plan().stages())
          .extracting(Stage::node)
          .containsExactly(cluster.node(0).self().id());
    }
  }

  @Test
  void aRequestThatInsistsOnAStandbyIsRefusedWithTheSumWhereThereIsNoRoom() throws Exception {
    try (LocalCluster cluster =
        LocalCluster.unsettled(new RingMemoryWeighted(), false).with(2, fourFifths())) {
      assertThat(finished(cluster.run(request(32))).tokens()).isEqualTo(PROMPT.greedyIds());
      List<GenerationEvent> events = cluster.run(request(32).withStandby());
      assertThat(events).last().isInstanceOf(GenerationEvent.Failed.class);
      RequestException cause = ((GenerationEvent.Failed) events.get(events.size() - 1)).cause();
      assertThat(cause.kind()).isEqualTo(RequestException.Kind.OUT_OF_MEMORY);
      assertThat(cause).hasMessageContaining("standby").hasMessageContaining("bytes");
    }
  }

  @Test
  void whereThereIsNoRoomForTheConfigsStandbyRequestsGoOnWithout() throws Exception {
    try (LocalCluster cluster =
        LocalCluster.unsettled(new RingMemoryWeighted(), true).with(2, fourFifths())) {
      CompletableFuture<ClusterEvent.StandbyMissing> told = new CompletableFuture<>();
      cluster
          .node(0)
          .observe(
              event -> {
                if (event instanceof ClusterEvent.StandbyMissing missing) {
                  told.complete(missing);
                }
              });
      assertThat(finished(cluster.run(request(32))).tokens()).isEqualTo(PROMPT.greedyIds());
      ClusterEvent.StandbyMissing missing = told.get(SECONDS, TimeUnit.SECONDS);
      assertThat(missing.lost()).isEqualTo(cluster.node(1).self().id());
      assertThat(missing.reason()).contains("bytes");
      assertThat(cluster.node(0).state().standbys()).isEmpty();
    }
  }
}
