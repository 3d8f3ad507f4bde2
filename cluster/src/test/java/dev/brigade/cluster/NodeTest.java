package dev.brigade.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.cluster.generation.FinishReason;
import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.plan.RingMemoryWeighted;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import dev.brigade.testkit.golden.GoldenModel;
import dev.brigade.testkit.golden.GoldenPrompt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a client of a node is told, and what becomes of memory and members. */
class NodeTest {
  private static final long SECONDS = 60;
  private static final long PLENTY = 1L << 30;
  private static final GoldenModel LLAMA = GoldenModel.named("llama");
  private static final GoldenPrompt PROMPT = LLAMA.prompts().get(1);

  private static GenerationRequest request(List<Integer> ids, int maxTokens) {
    return new GenerationRequest(
        LLAMA.folder().toString(),
        ids,
        maxTokens,
        SamplingParameters.greedy(),
        List.of(),
        true,
        false);
  }

  private static GenerationEvent last(List<GenerationEvent> events) {
    return events.get(events.size() - 1);
  }

  private static RequestException failure(List<GenerationEvent> events) {
    assertThat(last(events)).isInstanceOf(GenerationEvent.Failed.class);
    return ((GenerationEvent.Failed) last(events)).cause();
  }

  @Test
  void aPromptLongerThanTheContextIsRefusedWithBothNumbers() throws Exception {
    try (LocalCluster cluster = LocalCluster.cutBefore(2)) {
      List<Integer> ids = java.util.Collections.nCopies(1024, 5);
      RequestException failure = failure(cluster.run(request(ids, 1)));
      assertThat(failure.kind()).isEqualTo(RequestException.Kind.CONTEXT_EXCEEDED);
      assertThat(failure).hasMessageContaining("1024 tokens");
    }
  }

  @Test
  void anAnswerEndsWhereTheContextDoes() throws Exception {
    try (LocalCluster cluster = LocalCluster.cutBefore(2)) {
      List<Integer> ids = java.util.Collections.nCopies(1020, 5);
      GenerationEvent.Finished finished =
          (GenerationEvent.Finished) last(cluster.run(request(ids, 100)));
      assertThat(finished.tokens()).hasSize(4);
      assertThat(finished.reason()).isEqualTo(FinishReason.LENGTH);
    }
  }

  @Test
  void idsOutsideTheVocabularyAreRefused() throws Exception {
    try (LocalCluster cluster = LocalCluster.cutBefore()) {
      RequestException failure = failure(cluster.run(request(List.of(1, 320), 1)));
      assertThat(failure.kind()).isEqualTo(RequestException.Kind.INVALID);
      assertThat(failure).hasMessageContaining("320").hasMessageContaining("0..319");
    }
  }

  @Test
  void aStrategyThatThrowsFailsEachRequestInsteadOfHangingIt() throws Exception {
    PartitionStrategy broken =
        plan -> {
          throw new IllegalStateException("ouch");
        };
    try (LocalCluster cluster = LocalCluster.planned(broken, 1, PLENTY)) {
      for (int i = 0; i < 2; i++) {
        RequestException failure = failure(cluster.run(request(PROMPT.ids(), 1)));
        assertThat(failure.kind()).isEqualTo(RequestException.Kind.INTERNAL);
        assertThat(failure).hasMessageContaining("ouch");
      }
    }
  }

  @Test
  void aModelThatIsNotThereIsRefused() throws Exception {
    try (LocalCluster cluster = LocalCluster.cutBefore()) {
      GenerationRequest request =
          new GenerationRequest(
              "no/such/model", List.of(1), 1, SamplingParameters.greedy(), List.of(), false, false);
      assertThat(failure(cluster.run(request)).kind()).isEqualTo(RequestException.Kind.BAD_MODEL);
    }
  }

  @Test
  void aModelThatFitsNowhereIsRefusedWithTheSum() throws Exception {
    try (LocalCluster cluster = LocalCluster.planned(new RingMemoryWeighted(), 2, 100_000)) {
      RequestException failure = failure(cluster.run(request(PROMPT.ids(), 4)));
      assertThat(failure.kind()).isEqualTo(RequestException.Kind.OUT_OF_MEMORY);
      assertThat(failure).hasMessageContaining("bytes").hasMessageContaining("node0");
    }
  }

  @Test
  void theAnswerEndsAtAnEndOfSequenceToken() throws Exception {
    try (LocalCluster cluster = LocalCluster.cutBefore(1)) {
      // The golden continuation of this prompt, cut where a model's own token says so.
      GenerationRequest request =
          new GenerationRequest(
              LLAMA.folder().toString(),
              PROMPT.ids(),
              32,
              SamplingParameters.of(5, 1),
              List.of(),
              false,
              false);
      GenerationEvent.Finished finished = (GenerationEvent.Finished) last(cluster.run(request));
      List<Integer> tokens = finished.tokens();
      boolean ended = List.of(2, 3).contains(tokens.get(tokens.size() - 1));
      assertThat(finished.reason()).isEqualTo(ended ? FinishReason.STOP : FinishReason.LENGTH);
      assertThat(tokens.subList(0, tokens.size() - 1)).doesNotContain(2, 3);
    }
  }

  @Test
  void aCancelledRequestEndsAndTheNodesServeOn() throws Exception {
    try (LocalCluster cluster = LocalCluster.cutBefore(1, 2)) {
      List<GenerationEvent> events = new ArrayList<>();
      CompletableFuture<GenerationEvent.Finished> end = new CompletableFuture<>();
      CountDownLatch started = new CountDownLatch(1);
      var generation =
          cluster
              .node(0)
              .generate(
                  request(PROMPT.ids(), 1000),
                  event -> {
                    events.add(event);
                    if (event instanceof GenerationEvent.Token) {
                      started.countDown();
                    } else if (event instanceof GenerationEvent.Finished finished) {
                      end.complete(finished);
                    }
                  });
      assertThat(started.await(SECONDS, TimeUnit.SECONDS)).isTrue();
      generation.cancel();
      generation.cancel();
      GenerationEvent.Finished finished = end.get(SECONDS, TimeUnit.SECONDS);
      assertThat(finished.reason()).isEqualTo(FinishReason.CANCELLED);
      assertThat(finished.tokens()).hasSizeLessThan(1000);
      assertThat(last(cluster.run(request(PROMPT.ids(), 3))))
          .isInstanceOf(GenerationEvent.Finished.class);
    }
  }

  @Test
  void aNodeThatJoinsGetsItsPartOfLaterRequests() throws Exception {
    try (LocalCluster cluster = LocalCluster.planned(new RingMemoryWeighted(), 1, PLENTY)) {
      cluster.run(request(PROMPT.ids(), 3));
      cluster.join(PLENTY);
      cluster
          .node(0)
          .when(state -> state.plans().stream().anyMatch(plan -> plan.stages().size() == 2))
          .get(SECONDS, TimeUnit.SECONDS);
      List<GenerationEvent> events = cluster.run(request(PROMPT.ids(), 32));
      assertThat(((GenerationEvent.Finished) last(events)).tokens()).isEqualTo(PROMPT.greedyIds());
      assertThat(((GenerationEvent.Finished) last(events)).usage().stages()).hasSize(2);
    }
  }

  @Test
  void aNodeThatLeavesInMidStreamIsAPauseAndNotAnError() throws Exception {
    try (LocalCluster cluster = LocalCluster.planned(new RingMemoryWeighted(), 3, PLENTY)) {
      CompletableFuture<List<GenerationEvent>> running = new CompletableFuture<>();
      List<GenerationEvent> events = new ArrayList<>();
      cluster
          .node(0)
          .generate(
              request(PROMPT.ids(), 32),
              event -> {
                events.add(event);
                long tokens =
                    events.stream().filter(GenerationEvent.Token.class::isInstance).count();
                if (event instanceof GenerationEvent.Token && tokens == 5) {
                  cluster.node(2).close();
                } else if (event instanceof GenerationEvent.Finished
                    || event instanceof GenerationEvent.Failed) {
                  running.complete(events);
                }
              });
      GenerationEvent end = last(running.get(SECONDS, TimeUnit.SECONDS));
      assertThat(end).isInstanceOf(GenerationEvent.Finished.class);
      assertThat(((GenerationEvent.Finished) end).tokens()).isEqualTo(PROMPT.greedyIds());
      assertThat(((GenerationEvent.Finished) end).usage().recoveries()).isPositive();
      Plan plan = ((GenerationEvent.Planned) lastPlanned(events)).plan();
      assertThat(plan.stages()).extracting(Stage::node).doesNotContain(cluster.node(2).self().id());
    }
  }

  private static GenerationEvent lastPlanned(List<GenerationEvent> events) {
    return events.stream()
        .filter(GenerationEvent.Planned.class::isInstance)
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  @Test
  void aDrainingNodeFinishesWhatItHasAndGetsNothingNew() throws Exception {
    try (LocalCluster cluster = LocalCluster.planned(new RingMemoryWeighted(), 3, PLENTY)) {
      cluster.run(request(PROMPT.ids(), 1));
      List<GenerationEvent> events = new ArrayList<>();
      CompletableFuture<GenerationEvent> end = new CompletableFuture<>();
      CompletableFuture<Void> left = new CompletableFuture<>();
      cluster
          .node(0)
          .generate(
              request(PROMPT.ids(), 32),
              event -> {
                events.add(event);
                if (event instanceof GenerationEvent.Token && events.size() == 6) {
                  cluster
                      .node(2)
                      .drain(Duration.ofSeconds(SECONDS))
                      .thenRun(() -> left.complete(null));
                } else if (event instanceof GenerationEvent.Finished
                    || event instanceof GenerationEvent.Failed) {
                  end.complete(event);
                }
              });
      GenerationEvent last = end.get(SECONDS, TimeUnit.SECONDS);
      assertThat(last).isInstanceOf(GenerationEvent.Finished.class);
      assertThat(((GenerationEvent.Finished) last).tokens()).isEqualTo(PROMPT.greedyIds());
      assertThat(((GenerationEvent.Finished) last).usage().recoveries()).isZero();
      left.get(SECONDS, TimeUnit.SECONDS);
      List<GenerationEvent> later = cluster.run(request(PROMPT.ids(), 32));
      assertThat(((GenerationEvent.Finished) last(later)).tokens()).isEqualTo(PROMPT.greedyIds());
      assertThat(((GenerationEvent.Planned) lastPlanned(later)).plan().stages())
          .extracting(Stage::node)
          .doesNotContain(cluster.node(2).self().id());
    }
  }

  @Test
  void aDrainingNodeSendsItsOwnClientsElsewhere() throws Exception {
    try (LocalCluster cluster = LocalCluster.cutBefore(2)) {
      CompletableFuture<List<GenerationEvent>> running =
          cluster.start(0, request(PROMPT.ids(), 1000));
      CompletableFuture<Void> left = cluster.node(0).drain(Duration.ofMillis(200));
      RequestException failure = failure(cluster.run(request(PROMPT.ids(), 3)));
      assertThat(failure.kind()).isEqualTo(RequestException.Kind.UNAVAILABLE);
      left.get(SECONDS, TimeUnit.SECONDS);
      assertThat(running.get(SECONDS, TimeUnit.SECONDS)).isNotEmpty();
    }
  }

  @Test
  void aClosedNodeTellsItsClientsWhy() throws Exception {
    try (LocalCluster cluster = LocalCluster.cutBefore(2)) {
      cluster.run(request(PROMPT.ids(), 1));
      CompletableFuture<List<GenerationEvent>> running =
          cluster.start(0, request(PROMPT.ids(), 1000));
      cluster.close(0);
      RequestException failure = failure(running.get(SECONDS, TimeUnit.SECONDS));
      assertThat(failure.kind()).isEqualTo(RequestException.Kind.UNAVAILABLE);
      assertThat(failure).hasMessageContaining("shutting down");
    }
  }
}
