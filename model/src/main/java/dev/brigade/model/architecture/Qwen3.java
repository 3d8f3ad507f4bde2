package dev.brigade.model.architecture;

import dev.brigade.model.block.GroupedQueryAttention;
import dev.brigade.model.block.PreNormLayer;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.rope.RopeConfig;
import dev.brigade.spi.engine.EngineException;
import java.util.Map;

/** Qwen 3 (Yang et al. 2025): Llama with a norm of every head's queries and keys. */
final class Qwen3 {
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "rms_norm_eps", 1e-6,
          "max_position_embeddings", 32_768,
          "num_key_value_heads", 32,
          "head_dim", 128,
          "sliding_window", 4096,
          "max_window_layers", 28);

  private Qwen3() {}

  static Decoder decoder(ModelConfig json) throws EngineException {
    ModelConfig config = json.withDefaults(DEFAULTS);
    Sizes sizes = Sizes.of(config);
    RopeSpec rope = RopeConfig.of(config).requireWhole(config).spec(sizes.headWidth());
    Activation activation = Activations.of(config);
    boolean biased = config.flag("attention_bias", false);
    LayerWindows windows = LayerWindows.fromMaxWindowLayers(config, sizes.layers());

    return sizes.decoder(
        sizes.vocabulary(config.flag("tie_word_embeddings", false)),
        layer -> {
          String at = Sizes.at(layer);
          GroupedQueryAttention attention =
              sizes
                  .attention(layer, sizes.attentionOver(windows.of(layer)), biased, biased)
                  .withNorms(
                      sizes.headNorm(at + ".self_attn.q_norm"),
                      sizes.headNorm(at + ".self_attn.k_norm"))
                  .withRope(rope);
          return new PreNormLayer(
              sizes.norm(at + ".input_layernorm"),
              attention,
              sizes.norm(at + ".post_attention_layernorm"),
              sizes.feedForward(layer, activation, false));
        });
  }
}
