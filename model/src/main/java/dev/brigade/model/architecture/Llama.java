package dev.brigade.model.architecture;

import dev.brigade.model.block.PreNormLayer;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.rope.RopeConfig;
import dev.brigade.spi.engine.EngineException;
import java.util.Map;

/**
 * Llama 1 to 3 (Touvron et al. 2023; Dubey et al. 2024): norms before each half of a layer, rotary
 * positions, grouped queries, a SwiGLU feed-forward.
 */
final class Llama {
  private static final Map<String, Object> DEFAULTS =
      Map.of("rms_norm_eps", 1e-6, "max_position_embeddings", 2048);

  private Llama() {}

  static Decoder decoder(ModelConfig json) throws EngineException {
    ModelConfig config = json.withDefaults(DEFAULTS);
    Sizes sizes = Sizes.of(config);
    RopeSpec rope = RopeConfig.of(config).requireWhole(config).spec(sizes.headWidth());
    Activation activation = Activations.of(config);
    boolean attentionBias = config.flag("attention_bias", false);
    boolean feedForwardBias = config.flag("mlp_bias", false);

    return sizes.decoder(
        sizes.vocabulary(config.flag("tie_word_embeddings", false)),
        layer -> {
          String at = Sizes.at(layer);
          return new PreNormLayer(
              sizes.norm(at + ".input_layernorm"),
              sizes
                  .attention(layer, sizes.fullAttention(), attentionBias, attentionBias)
                  .withRope(rope),
              sizes.norm(at + ".post_attention_layernorm"),
              sizes.feedForward(layer, activation, feedForwardBias));
        });
  }
}
