package dev.brigade.model.architecture;

import dev.brigade.model.config.ModelConfig;
import dev.brigade.spi.engine.EngineException.BadModel;

/** How many experts a layer has, and how many of them a token is given. */
final class ExpertCounts {
  private ExpertCounts() {}

  /** {@code num_local_experts}, which some configs call {@code num_experts}. */
  static int experts(ModelConfig config) throws BadModel {
    return config.has("num_experts")
        ? config.positive("num_experts")
        : config.positive("num_local_experts");
  }

  /** {@code num_experts_per_tok}. */
  static int chosen(ModelConfig config, int experts) throws BadModel {
    int chosen = config.positive("num_experts_per_tok");
    if (chosen > experts) {
      throw config.wrong("num_experts_per_tok", "at most the number of experts, " + experts);
    }
    return chosen;
  }
}
