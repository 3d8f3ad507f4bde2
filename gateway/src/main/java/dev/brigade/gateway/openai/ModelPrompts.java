package dev.brigade.gateway.openai;

import java.util.concurrent.CompletionStage;

/** Opens what requests need of a model. */
public interface ModelPrompts {

  /**
   * Opens a model's files; does not block.
   *
   * @return the model, or exceptionally a {@link dev.brigade.cluster.RequestException}
   */
  CompletionStage<PromptSource> open(String model);
}
