package dev.brigade.model.architecture;

import dev.brigade.model.block.SandwichLayer;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.AttentionSpec;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.rope.RopeConfig;
import dev.brigade.spi.engine.EngineException;
import java.util.Map;
import java.util.Optional;

/**
 * Gemma 3's language model (Gemma Team 2025): Gemma 2 with normed queries and keys instead of
 * capped scores, five windowed layers to each full one, and faster rotation in the windowed ones.
 */
final class Gemma3 {
  private static final double GLOBAL_THETA = 1_000_000;
  private static final double LOCAL_THETA = 10_000;
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "rms_norm_eps", 1e-6,
          "max_position_embeddings", 131_072,
          "num_key_value_heads", 4,
          "head_dim", 256,
          "query_pre_attn_scalar", 256,
          "sliding_window", 4096);

  private Gemma3() {}

  static Decoder decoder(ModelConfig json) throws EngineException {
    ModelConfig config = json.withDefaults(DEFAULTS);
    GemmaConfig.requireCausal(config);
    Sizes sizes = Sizes.of(config);
    RopeSpec global = globalRope(config).requireWhole(config).spec(sizes.headWidth());
    RopeSpec local = localRope(config).requireWhole(config).spec(sizes.headWidth());
    Activation activation = GemmaConfig.activation(config);
    boolean biased = config.flag("attention_bias", false);
    double scale = GemmaConfig.attentionScale(config);
    int pattern = config.positive("sliding_window_pattern", 6);
    LayerWindows windows =
        LayerWindows.some(
            config,
            sizes.layers(),
            LayerWindows.window(config),
            layer -> (layer + 1) % pattern != 0);

    return sizes.decoder(
        GemmaConfig.vocabulary(config, sizes),
        layer -> {
          String at = Sizes.at(layer);
          AttentionSpec spec = sizes.attentionOver(windows.of(layer)).withScale(scale);
          return new SandwichLayer(
              Optional.of(sizes.norm(at + ".input_layernorm").aroundOne()),
              sizes
                  .attention(layer, spec, biased, biased)
                  .withNorms(
                      sizes.headNorm(at + ".self_attn.q_norm").aroundOne(),
                      sizes.headNorm(at + ".self_attn.k_norm").aroundOne())
                  .withRope(windows.of(layer).isPresent() ? local : global),
              sizes.norm(at + ".post_attention_layernorm").aroundOne(),
              Optional.of(sizes.norm(at + ".pre_feedforward_layernorm").aroundOne()),
              sizes.feedForward(layer, activation, false),
              sizes.norm(at + ".post_feedforward_layernorm").aroundOne());
        });
  }

  /** In older configs, {@code rope_scaling} is about the layers without a window. */
  private static RopeConfig globalRope(ModelConfig config) throws EngineException {
    ModelConfig section =
        config.has("rope_scaling")
            ? config.firstSection("rope_scaling")
            : config.firstSection("rope_parameters").firstSection("full_attention");
    return RopeConfig.of(config, section, config.number("rope_theta", GLOBAL_THETA));
  }

  private static RopeConfig localRope(ModelConfig config) throws EngineException {
    ModelConfig section = config.firstSection("rope_parameters").firstSection("sliding_attention");
    return RopeConfig.of(config, section, config.number("rope_local_base_freq", LOCAL_THETA));
  }
}
