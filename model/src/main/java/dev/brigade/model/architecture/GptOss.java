package dev.brigade.model.architecture;

import dev.brigade.model.block.FeedForward;
import dev.brigade.model.block.MixtureOfExperts;
import dev.brigade.model.block.PreNormLayer;
import dev.brigade.model.block.Projection;
import dev.brigade.model.block.SoftmaxRouter;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.AttentionSpec;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.ExpertStacks;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.rope.RopeConfig;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.Unsupported;
import java.util.Map;
import java.util.Optional;

/**
 * gpt-oss (OpenAI 2025): attention with learned sinks, a window in every other layer, and mixtures
 * of experts with biases and a clamped SwiGLU.
 */
final class GptOss {
  private static final double ALPHA = 1.702;
  private static final double LIMIT = 7;
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "rms_norm_eps", 1e-5,
          "max_position_embeddings", 131_072,
          "num_key_value_heads", 8,
          "head_dim", 64,
          "sliding_window", 128,
          "num_experts_per_tok", 4,
          "rope_theta", 150_000);
  private static final Map<String, Object> USUAL_ROPE =
      Map.of(
          "rope_type", "yarn",
          "factor", 32,
          "beta_fast", 32,
          "beta_slow", 1,
          "truncate", false,
          "original_max_position_embeddings", 4096);

  private GptOss() {}

  static Decoder decoder(ModelConfig json) throws EngineException {
    ModelConfig config = withRope(json.withDefaults(DEFAULTS));
    if (config.number("swiglu_limit", LIMIT) != LIMIT) {
      throw new Unsupported(config.where() + ": a swiglu_limit other than 7 is not supported");
    }
    Sizes sizes = Sizes.of(config);
    RopeSpec rope = RopeConfig.of(config).requireWhole(config).spec(sizes.headWidth());
    boolean biased = config.flag("attention_bias", true);
    int experts = ExpertCounts.experts(config);
    int chosen = ExpertCounts.chosen(config, experts);
    LayerWindows windows =
        LayerWindows.some(
            config, sizes.layers(), LayerWindows.window(config), layer -> layer % 2 == 0);

    return sizes.decoder(
        sizes.vocabulary(config.flag("tie_word_embeddings", false)),
        layer -> {
          String at = Sizes.at(layer);
          AttentionSpec spec =
              sizes
                  .attentionOver(windows.of(layer))
                  .withSinks(Weight.named(at + ".self_attn.sinks", sizes.heads()));
          return new PreNormLayer(
              sizes.norm(at + ".input_layernorm"),
              sizes.attention(layer, spec, biased, biased).withRope(rope),
              sizes.norm(at + ".post_attention_layernorm"),
              mixture(sizes, layer, experts, chosen));
        });
  }

  private static ModelConfig withRope(ModelConfig config) throws EngineException {
    boolean saysHow = config.has("rope_scaling") || config.has("rope_parameters");
    return saysHow ? config : config.withDefaults(Map.of("rope_parameters", USUAL_ROPE));
  }

  private static FeedForward mixture(Sizes sizes, int layer, int experts, int chosen) {
    String at = Sizes.at(layer) + ".mlp";
    return new MixtureOfExperts(
        new SoftmaxRouter(
            Projection.named(at + ".router", experts, sizes.width(), true), chosen, true),
        stacks(at + ".experts", experts, sizes.inner(), sizes.width()),
        new Activation.ClampedSwiglu(ALPHA, LIMIT),
        Optional.empty());
  }

  /**
   * Stored input first, gate and up interleaved; or output first in quantised blocks, as it was
   * published; or gate and up apart, as MLX does it.
   */
  private static ExpertStacks stacks(String at, int experts, int inner, int width) {
    Weight both = Weight.named(at + ".gate_up_proj", experts, width, 2L * inner).transposed();
    Weight blocks = Weight.named(at + ".gate_up_proj_blocks", experts, 2L * inner, width);
    Weight biases = Weight.named(at + ".gate_up_proj_bias", experts, 2L * inner);
    return new ExpertStacks(
        Weight.firstOf(
            both.slice(1, 0, 2L * inner, 2),
            blocks.slice(1, 0, 2L * inner, 2),
            Weight.named(at + ".gate_proj.weight", experts, inner, width)),
        Weight.firstOf(
            both.slice(1, 1, 2L * inner, 2),
            blocks.slice(1, 1, 2L * inner, 2),
            Weight.named(at + ".up_proj.weight", experts, inner, width)),
        Weight.firstOf(
            Weight.named(at + ".down_proj", experts, inner, width).transposed(),
            Weight.named(at + ".down_proj_blocks", experts, width, inner),
            Weight.named(at + ".down_proj.weight", experts, width, inner)),
        Optional.of(
            new ExpertStacks.Biases(
                Weight.firstOf(
                    biases.slice(1, 0, 2L * inner, 2),
                    Weight.named(at + ".gate_proj.bias", experts, inner)),
                Weight.firstOf(
                    biases.slice(1, 1, 2L * inner, 2),
                    Weight.named(at + ".up_proj.bias", experts, inner)),
                Weight.firstOf(
                    Weight.named(at + ".down_proj_bias", experts, width),
                    Weight.named(at + ".down_proj.bias", experts, width)))));
  }
}
