package dev.brigade.model.architecture;

import dev.brigade.model.block.Vocabulary;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Activation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.EngineException.Unsupported;
import java.util.OptionalDouble;

/** What the configs of the Gemma family have in common. */
final class GemmaConfig {
  private GemmaConfig() {}

  /** Refuses the variant that embeds texts, in which tokens look ahead. */
  static void requireCausal(ModelConfig config) throws EngineException {
    if (config.flag("use_bidirectional_attention", false)) {
      throw new Unsupported(
          config.where() + ": use_bidirectional_attention is not supported: no language model");
    }
  }

  static Activation activation(ModelConfig config) throws EngineException {
    return Activations.of(config, "hidden_activation", "gelu_pytorch_tanh");
  }

  static double attentionScale(ModelConfig config) throws BadModel {
    return 1 / Math.sqrt(config.positive("query_pre_attn_scalar"));
  }

  static OptionalDouble softcap(ModelConfig config, String key) throws BadModel {
    return config.has(key) ? OptionalDouble.of(config.number(key)) : OptionalDouble.empty();
  }

  /** Embeddings times the root of their width; a tied head unless the config says otherwise. */
  static Vocabulary vocabulary(ModelConfig config, Sizes sizes) throws BadModel {
    return sizes
        .vocabulary(config.flag("tie_word_embeddings", true))
        .withNorm(sizes.norm("model.norm").aroundOne())
        .withScales(Math.sqrt(sizes.width()), 1)
        .withSoftcap(softcap(config, "final_logit_softcapping"));
  }
}
