package dev.brigade.model.architecture;

import dev.brigade.model.block.GroupedQueryAttention;
import dev.brigade.model.block.PreNormLayer;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.rope.RopeConfig;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * SmolLM 3 (Hugging Face 2025): Llama in which every fourth layer does not rotate (Yang et al.
 * 2025, "RoPE to NoPE and Back Again").
 */
final class SmolLm3 {
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "rms_norm_eps", 1e-6,
          "max_position_embeddings", 32_768,
          "num_key_value_heads", 4,
          "rope_theta", 2_000_000);

  private SmolLm3() {}

  static Decoder decoder(ModelConfig json) throws EngineException {
    ModelConfig config = json.withDefaults(DEFAULTS);
    Sizes sizes = Sizes.of(config);
    RopeSpec rope = RopeConfig.of(config).requireWhole(config).spec(sizes.headWidth());
    Activation activation = Activations.of(config);
    boolean attentionBias = config.flag("attention_bias", false);
    boolean feedForwardBias = config.flag("mlp_bias", false);
    IntPredicate rotates = rotates(config, sizes.layers());
    boolean slides = config.flag("use_sliding_window", false) && config.has("sliding_window");
    LayerWindows windows =
        LayerWindows.some(
            config,
            sizes.layers(),
            LayerWindows.window(config),
            layer -> slides && !rotates.test(layer));

    return sizes.decoder(
        sizes.vocabulary(config.flag("tie_word_embeddings", true)),
        layer -> {
          GroupedQueryAttention plain =
              sizes.attention(
                  layer, sizes.attentionOver(windows.of(layer)), attentionBias, attentionBias);
          return new PreNormLayer(
              sizes.norm(Sizes.at(layer) + ".input_layernorm"),
              rotates.test(layer) ? plain.withRope(rope) : plain,
              sizes.norm(Sizes.at(layer) + ".post_attention_layernorm"),
              sizes.feedForward(layer, activation, feedForwardBias));
        });
  }

  /** {@code no_rope_layers} has, in spite of its name, 1 for the layers that rotate. */
  private static IntPredicate rotates(ModelConfig config, int layers) throws BadModel {
    if (!config.has("no_rope_layers")) {
      int interval = config.positive("no_rope_layer_interval", 4);
      return layer -> (layer + 1) % interval != 0;
    }
    List<Integer> flags = config.counts("no_rope_layers");
    if (flags.size() < layers) {
      throw config.wrong("no_rope_layers", "a list of " + layers + ", one for each layer");
    }
    return layer -> flags.get(layer) != 0;
  }
}
