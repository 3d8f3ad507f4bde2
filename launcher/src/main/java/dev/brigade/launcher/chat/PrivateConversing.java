package dev.brigade.launcher.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.gateway.openai.PromptSource;
import dev.brigade.gateway.openai.SamplingDefaults;
import dev.brigade.launcher.model.LocalModels;
import dev.brigade.launcher.pipeline.Collector;
import dev.brigade.launcher.pipeline.LocalPipeline;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Answers in this process, with the model's own way of sampling. */
public final class PrivateConversing implements Conversing {
  private static final int USUAL_ANSWER_TOKENS = 1024;
  private final LocalPipeline pipeline;
  private final String model;
  private final PromptSource prompts;
  private final SecureRandom seeds = new SecureRandom();

  /**
   * @param pipeline closed with this
   * @param model id of the model in {@code models}
   * @throws RequestException if the model's files make no sense
   */
  public PrivateConversing(LocalPipeline pipeline, LocalModels models, String model)
      throws RequestException {
    this.pipeline = pipeline;
    this.model = model;
    prompts = models.promptSource(model);
  }

  @Override
  public void answer(List<ObjectNode> messages, Consumer<String> text) throws Exception {
    List<Integer> promptIds = prompts.encode(messages, List.of(), Map.of());
    int room = prompts.context() - promptIds.size();
    if (room < 1) {
      throw new RequestException(
          RequestException.Kind.CONTEXT_EXCEEDED,
          "the conversation has %d tokens, more than the model's context of %d; begin a new one"
              .formatted(promptIds.size(), prompts.context()));
    }
    SamplingDefaults usual = prompts.sampling();
    SamplingParameters sampling =
        new SamplingParameters(
            usual.temperature(),
            usual.topK(),
            usual.topP(),
            usual.minP(),
            usual.repetitionPenalty(),
            0,
            0,
            seeds.nextLong());
    int most = Math.min(room, USUAL_ANSWER_TOKENS);
    GenerationRequest request =
        new GenerationRequest(model, promptIds, most, sampling, List.of(), false, false);
    Collector.run(pipeline.entry(), request, event -> show(event, text));
  }

  private static void show(GenerationEvent event, Consumer<String> text) {
    if (event instanceof GenerationEvent.Token token) {
      text.accept(token.text());
    } else if (event instanceof GenerationEvent.Finished end) {
      text.accept(end.text());
    }
  }

  @Override
  public void close() {
    pipeline.close();
  }
}
