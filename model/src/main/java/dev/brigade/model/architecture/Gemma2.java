package dev.brigade.model.architecture;

import dev.brigade.model.block.SandwichLayer;
import dev.brigade.model.block.Vocabulary;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.AttentionSpec;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.rope.RopeConfig;
import dev.brigade.spi.engine.EngineException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Gemma 2 (Gemma Team 2024): norms before and after each half, soft-capped attention scores and
 * logits, a window of positions in every other layer, GeGLU, scaled embeddings.
 */
final class Gemma2 {
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "rms_norm_eps", 1e-6,
          "max_position_embeddings", 8192,
          "num_key_value_heads", 4,
          "head_dim", 256,
          "query_pre_attn_scalar", 256,
          "sliding_window", 4096,
          "attn_logit_softcapping", 50,
          "final_logit_softcapping", 30);

  private Gemma2() {}

  static Decoder decoder(ModelConfig json) throws EngineException {
    ModelConfig config = json.withDefaults(DEFAULTS);
    GemmaConfig.requireCausal(config);
    Sizes sizes = Sizes.of(config);
    RopeSpec rope = RopeConfig.of(config).requireWhole(config).spec(sizes.headWidth());
    Activation activation = GemmaConfig.activation(config);
    boolean biased = config.flag("attention_bias", false);
    double scale = GemmaConfig.attentionScale(config);
    OptionalDouble scoreCap = GemmaConfig.softcap(config, "attn_logit_softcapping");
    LayerWindows windows =
        LayerWindows.some(
            config, sizes.layers(), LayerWindows.window(config), layer -> layer % 2 == 0);
    Vocabulary vocabulary = GemmaConfig.vocabulary(config, sizes);

    return sizes.decoder(
        vocabulary,
        layer -> {
          String at = Sizes.at(layer);
          AttentionSpec plain = sizes.attentionOver(windows.of(layer)).withScale(scale);
          AttentionSpec spec =
              scoreCap.isPresent() ? plain.withSoftcap(scoreCap.getAsDouble()) : plain;
          return new SandwichLayer(
              Optional.of(sizes.norm(at + ".input_layernorm").aroundOne()),
              sizes.attention(layer, spec, biased, biased).withRope(rope),
              sizes.norm(at + ".post_attention_layernorm").aroundOne(),
              Optional.of(sizes.norm(at + ".pre_feedforward_layernorm").aroundOne()),
              sizes.feedForward(layer, activation, false),
              sizes.norm(at + ".post_feedforward_layernorm").aroundOne());
        });
  }
}
