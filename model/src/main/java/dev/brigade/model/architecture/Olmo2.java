package dev.brigade.model.architecture;

import dev.brigade.model.block.RmsNorm;
import dev.brigade.model.block.SandwichLayer;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.rope.RopeConfig;
import dev.brigade.spi.engine.EngineException;
import java.util.Map;
import java.util.Optional;

/**
 * OLMo 2 (OLMo Team 2025): norms after each half instead of before, and norms of the queries and
 * keys of all heads together.
 */
final class Olmo2 {
  private static final Map<String, Object> DEFAULTS =
      Map.of("rms_norm_eps", 1e-5, "max_position_embeddings", 2048);

  private Olmo2() {}

  static Decoder decoder(ModelConfig json) throws EngineException {
    ModelConfig config = json.withDefaults(DEFAULTS);
    Sizes sizes = Sizes.of(config);
    RopeSpec rope = RopeConfig.of(config).requireWhole(config).spec(sizes.headWidth());
    Activation activation = Activations.of(config);
    boolean biased = config.flag("attention_bias", false);
    int queries = sizes.heads() * sizes.headWidth();
    int keys = sizes.kvHeads() * sizes.headWidth();

    return sizes.decoder(
        sizes.vocabulary(config.flag("tie_word_embeddings", false)),
        layer -> {
          String at = Sizes.at(layer);
          return new SandwichLayer(
              Optional.empty(),
              sizes
                  .attention(layer, sizes.fullAttention(), biased, biased)
                  .withNorms(
                      RmsNorm.named(at + ".self_attn.q_norm", queries, sizes.epsilon()),
                      RmsNorm.named(at + ".self_attn.k_norm", keys, sizes.epsilon()))
                  .withRope(rope),
              sizes.norm(at + ".post_attention_layernorm"),
              Optional.empty(),
              sizes.feedForward(layer, activation, false),
              sizes.norm(at + ".post_feedforward_layernorm"));
        });
  }
}
