package dev.brigade.model.architecture;

import dev.brigade.model.block.PreNormLayer;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.AttentionSpec;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.rope.RopeConfig;
import dev.brigade.spi.engine.EngineException;
import java.util.Map;

/**
 * Granite 3 (IBM 2024): Llama with four multipliers, of embeddings, attention scores, residuals and
 * logits.
 */
final class Granite {
  private static final Map<String, Object> DEFAULTS =
      Map.of("rms_norm_eps", 1e-6, "max_position_embeddings", 2048);

  private Granite() {}

  static Decoder decoder(ModelConfig json) throws EngineException {
    ModelConfig config = json.withDefaults(DEFAULTS);
    Sizes sizes = Sizes.of(config);
    RopeSpec rope = RopeConfig.of(config).requireWhole(config).spec(sizes.headWidth());
    Activation activation = Activations.of(config);
    boolean attentionBias = config.flag("attention_bias", false);
    boolean feedForwardBias = config.flag("mlp_bias", false);
    double residual = config.number("residual_multiplier", 1);
    AttentionSpec spec = sizes.fullAttention().withScale(config.number("attention_multiplier", 1));

    return sizes.decoder(
        sizes
            .vocabulary(config.flag("tie_word_embeddings", false))
            .withScales(
                config.number("embedding_multiplier", 1), 1 / config.number("logits_scaling", 1)),
        layer -> {
          String at = Sizes.at(layer);
          return new PreNormLayer(
              sizes.norm(at + ".input_layernorm"),
              sizes.attention(layer, spec, attentionBias, attentionBias).withRope(rope),
              sizes.norm(at + ".post_attention_layernorm"),
              sizes.feedForward(layer, activation, feedForwardBias),
              residual);
        });
  }
}
