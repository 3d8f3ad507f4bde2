package dev.brigade.model.architecture;

import dev.brigade.model.block.ExpertNames;
import dev.brigade.model.block.FeedForward;
import dev.brigade.model.block.MixtureOfExperts;
import dev.brigade.model.block.PreNormLayer;
import dev.brigade.model.block.Projection;
import dev.brigade.model.block.SoftmaxRouter;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.rope.RopeConfig;
import dev.brigade.spi.engine.EngineException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Qwen 3 with mixtures of experts (Yang et al. 2025), in all layers or in some. */
final class Qwen3Moe {
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "rms_norm_eps", 1e-6,
          "max_position_embeddings", 32_768,
          "num_key_value_heads", 4,
          "sliding_window", 4096,
          "moe_intermediate_size", 768,
          "num_experts_per_tok", 8);

  private Qwen3Moe() {}

  static Decoder decoder(ModelConfig json) throws EngineException {
    ModelConfig config = json.withDefaults(DEFAULTS);
    Sizes sizes = Sizes.of(config);
    RopeSpec rope = RopeConfig.of(config).requireWhole(config).spec(sizes.headWidth());
    Activation activation = Activations.of(config);
    boolean biased = config.flag("attention_bias", false);
    OptionalInt window =
        config.flag("use_sliding_window", false)
            ? LayerWindows.window(config)
            : OptionalInt.empty();
    LayerWindows windows = LayerWindows.everywhere(config, sizes.layers(), window);

    int experts = ExpertCounts.experts(config);
    int chosen = ExpertCounts.chosen(config, experts);
    boolean normalized = config.flag("norm_topk_prob", false);
    int inner = config.positive("moe_intermediate_size");
    int everyNth = config.positive("decoder_sparse_step", 1);
    List<Integer> dense = config.counts("mlp_only_layers");

    return sizes.decoder(
        sizes.vocabulary(config.flag("tie_word_embeddings", false)),
        layer -> {
          String at = Sizes.at(layer);
          boolean mixed = !dense.contains(layer) && (layer + 1) % everyNth == 0;
          FeedForward feedForward =
              mixed
                  ? new MixtureOfExperts(
                      new SoftmaxRouter(
                          Projection.named(at + ".mlp.gate", experts, sizes.width(), false),
                          chosen,
                          normalized),
                      new ExpertNames(experts, inner, sizes.width()).stacks(at + ".mlp.experts"),
                      activation,
                      Optional.empty())
                  : sizes.feedForward(layer, activation, false);
          return new PreNormLayer(
              sizes.norm(at + ".input_layernorm"),
              sizes
                  .attention(layer, sizes.attentionOver(windows.of(layer)), biased, biased)
                  .withNorms(
                      sizes.headNorm(at + ".self_attn.q_norm"),
                      sizes.headNorm(at + ".self_attn.k_norm"))
                  .withRope(rope),
              sizes.norm(at + ".post_attention_layernorm"),
              feedForward);
        });
  }
}
