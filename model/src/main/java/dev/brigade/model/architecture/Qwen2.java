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
 * Qwen 2 and 2.5 (Yang et al. 2024): Llama with a bias on queries, keys and values, and, where
 * switched on, a window of positions in the upper layers.
 */
final class Qwen2 {
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "rms_norm_eps", 1e-6,
          "max_position_embeddings", 32_768,
          "num_key_value_heads", 32,
          "sliding_window", 4096,
          "max_window_layers", 28);

  private Qwen2() {}

  static Decoder decoder(ModelConfig json) throws EngineException {
    ModelConfig config = json.withDefaults(DEFAULTS);
    Sizes sizes = Sizes.of(config);
    RopeSpec rope = RopeConfig.of(config).requireWhole(config).spec(sizes.headWidth());
    Activation activation = Activations.of(config);
    LayerWindows windows = LayerWindows.fromMaxWindowLayers(config, sizes.layers());

    return sizes.decoder(
        sizes.vocabulary(config.flag("tie_word_embeddings", false)),
        layer ->
            new PreNormLayer(
                sizes.norm(Sizes.at(layer) + ".input_layernorm"),
                sizes
                    .attention(layer, sizes.attentionOver(windows.of(layer)), true, false)
                    .withRope(rope),
                sizes.norm(Sizes.at(layer) + ".post_attention_layernorm"),
                sizes.feedForward(layer, activation, false)));
  }
}
