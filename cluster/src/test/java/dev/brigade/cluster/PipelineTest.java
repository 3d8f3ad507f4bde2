package dev.brigade.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.cluster.generation.FinishReason;
import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.testkit.golden.GoldenModel;
import dev.brigade.testkit.golden.GoldenPrompt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests through pipelines of real nodes with the reference engine, against the golden ids. */
class PipelineTest {
  private static final GoldenModel LLAMA = GoldenModel.named("llama");
  private static final GoldenPrompt PROMPT = LLAMA.prompts().get(2);

  private static GenerationRequest request(GoldenPrompt prompt, boolean logits) {
    return new GenerationRequest(
        LLAMA.folder().toString(),
        prompt.ids(),
        prompt.greedyIds().size(),
        SamplingParameters.greedy(),
        List.of(),
        true,
        logits);
  }

  private static GenerationEvent.Finished finished(List<GenerationEvent> events) {
    assertThat(events).last().isInstanceOf(GenerationEvent.Finished.class);
    return (GenerationEvent.Finished) events.get(events.size() - 1);
  }

  @Test
  void aModelCutInFourAnswersAsTheUncutOne() throws Exception {
    try (LocalCluster cluster = LocalCluster.cutBefore(1, 2, 3)) {
      for (GoldenPrompt prompt : LLAMA.prompts()) {
        GenerationEvent.Finished finished = finished(cluster.run(request(prompt, false)));
        assertThat(finished.tokens()).isEqualTo(prompt.greedyIds());
        assertThat(finished.reason()).isEqualTo(FinishReason.LENGTH);
        assertThat(finished.usage().stages()).hasSize(4);
        assertThat(finished.usage().recoveries()).isZero();
      }
    }
  }

  @Test
  void theLogitsOfTheLastPromptPositionComeWhenAskedFor() throws Exception {
    try (LocalCluster cluster = LocalCluster.cutBefore(2)) {
      List<GenerationEvent> events = cluster.run(request(PROMPT, true));
      GenerationEvent.Prefilled prefilled =
          events.stream()
              .filter(GenerationEvent.Prefilled.class::isInstance)
              .map(GenerationEvent.Prefilled.class::cast)
              .findFirst()
              .orElseThrow();
      assertThat(prefilled.logits()).hasSize(PROMPT.lastLogits().size());
      for (int i = 0; i < prefilled.logits().size(); i++) {
        assertThat((double) prefilled.logits().get(i))
            .isCloseTo(
                PROMPT.lastLogits().get(i),
                org.assertj.core.data.Offset.offset(1e-3 * PROMPT.logitDeviation()));
      }
    }
  }

  @Test
  void severalRequestsAtOnceAnswerAsEachOnItsOwn() throws Exception {
    try (LocalCluster cluster = LocalCluster.cutBefore(1, 3)) {
      List<CompletableFuture<List<GenerationEvent>>> running = new ArrayList<>();
      List<GoldenPrompt> prompts = new ArrayList<>();
      for (int i = 0; i < 9; i++) {
        prompts.add(LLAMA.prompts().get(i % 3));
        running.add(cluster.start(i % 3, request(prompts.get(i), false)));
      }
      for (int i = 0; i < running.size(); i++) {
        List<GenerationEvent> events = running.get(i).get(60, TimeUnit.SECONDS);
        assertThat(finished(events).tokens()).isEqualTo(prompts.get(i).greedyIds());
      }
    }
  }
}
