package dev.brigade.model.architecture;

import dev.brigade.model.block.PreNormLayer;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.rope.RopeConfig;
import dev.brigade.spi.engine.EngineException;
import java.util.Map;

/** Mistral (Jiang et al. 2023): Llama with a window of positions in every layer. */
final class Mistral {
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "rms_norm_eps", 1e-6,
          "max_position_embeddings", 131_072,
          "num_key_value_heads", 8,
          "sliding_window", 4096);

  private Mistral() {}

  static Decoder decoder(ModelConfig json) throws EngineException {
    ModelConfig config = json.withDefaults(DEFAULTS);
    Sizes sizes = Sizes.of(config);
    RopeSpec rope = RopeConfig.of(config).requireWhole(config).spec(sizes.headWidth());
    Activation activation = Activations.of(config);
    LayerWindows windows =
        LayerWindows.everywhere(config, sizes.layers(), LayerWindows.window(config));

    return sizes.decoder(
        sizes.vocabulary(config.flag("tie_word_embeddings", false)),
        layer ->
            new PreNormLayer(
                sizes.norm(Sizes.at(layer) + ".input_layernorm"),
                sizes
                    .attention(layer, sizes.attentionOver(windows.of(layer)), false, false)
                    .withRope(rope),
                sizes.norm(Sizes.at(layer) + ".post_attention_layernorm"),
                sizes.feedForward(layer, activation, false)));
  }
}
