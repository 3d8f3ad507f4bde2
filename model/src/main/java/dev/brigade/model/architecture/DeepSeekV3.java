package dev.brigade.model.architecture;

import dev.brigade.model.block.ExpertNames;
import dev.brigade.model.block.FeedForward;
import dev.brigade.model.block.GatedFeedForward;
import dev.brigade.model.block.GroupedSigmoidRouter;
import dev.brigade.model.block.MixtureOfExperts;
import dev.brigade.model.block.PreNormLayer;
import dev.brigade.model.block.Projection;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.EngineException.Unsupported;
import java.util.Map;
import java.util.Optional;

/**
 * DeepSeek-V3 and R1 (DeepSeek-AI 2024): latent attention; after some dense layers, many small
 * experts chosen by groups, besides one that all tokens share. Layers that predict further tokens
 * are stored after the last one and not used.
 */
final class DeepSeekV3 {
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          Map.entry("rms_norm_eps", 1e-6),
          Map.entry("max_position_embeddings", 4096),
          Map.entry("moe_intermediate_size", 2048),
          Map.entry("n_shared_experts", 1),
          Map.entry("n_routed_experts", 256),
          Map.entry("routed_scaling_factor", 2.5),
          Map.entry("kv_lora_rank", 512),
          Map.entry("q_lora_rank", 1536),
          Map.entry("qk_rope_head_dim", 64),
          Map.entry("qk_nope_head_dim", 128),
          Map.entry("v_head_dim", 128),
          Map.entry("n_group", 8),
          Map.entry("topk_group", 4),
          Map.entry("num_experts_per_tok", 8),
          Map.entry("first_k_dense_replace", 3));

  private DeepSeekV3() {}

  static Decoder decoder(ModelConfig json) throws EngineException {
    ModelConfig config = json.withDefaults(DEFAULTS);
    requireKnownRouting(config);
    Sizes sizes = Sizes.of(config);
    Activation activation = Activations.of(config);
    LatentAttentionConfig attention = LatentAttentionConfig.of(config, sizes);
    MixtureConfig mixture = MixtureConfig.of(config, sizes.width(), activation);
    int dense = config.count("first_k_dense_replace", 0);

    return sizes.decoder(
        sizes.vocabulary(config.flag("tie_word_embeddings", false)),
        layer ->
            new PreNormLayer(
                sizes.norm(Sizes.at(layer) + ".input_layernorm"),
                attention.layer(layer),
                sizes.norm(Sizes.at(layer) + ".post_attention_layernorm"),
                layer < dense
                    ? sizes.feedForward(layer, activation, false)
                    : mixture.layer(layer)));
  }

  /** Older configs spell out choices of which only these exist in published models. */
  private static void requireKnownRouting(ModelConfig config) throws EngineException {
    Map<String, String> known = Map.of("scoring_func", "sigmoid", "topk_method", "noaux_tc");
    for (Map.Entry<String, String> choice : known.entrySet()) {
      String value = config.text(choice.getKey(), choice.getValue());
      if (!value.equals(choice.getValue())) {
        throw new Unsupported(
            "%s: %s '%s' is not supported, only '%s'"
                .formatted(config.where(), choice.getKey(), value, choice.getValue()));
      }
    }
    if (config.positive("moe_layer_freq", 1) != 1) {
      throw new Unsupported(config.where() + ": a moe_layer_freq other than 1 is not supported");
    }
  }

  /** The mixture that all layers but the first have. */
  private record MixtureConfig(
      ExpertNames experts,
      int groups,
      int chosenGroups,
      int chosen,
      boolean normalized,
      double scale,
      int sharedInner,
      Activation activation) {

    static MixtureConfig of(ModelConfig config, int width, Activation activation) throws BadModel {
      int experts = config.positive("n_routed_experts");
      int groups = config.positive("n_group");
      if (experts % groups != 0 || experts / groups < 2) {
        throw config.wrong("n_group", "groups of 2 or more of the %d experts".formatted(experts));
      }
      int chosenGroups = config.positive("topk_group");
      if (chosenGroups > groups) {
        throw config.wrong("topk_group", "at most n_group, " + groups);
      }
      int inner = config.positive("moe_intermediate_size");
      return new MixtureConfig(
          new ExpertNames(experts, inner, width),
          groups,
          chosenGroups,
          ExpertCounts.chosen(config, chosenGroups * (experts / groups)),
          config.flag("norm_topk_prob", true),
          config.number("routed_scaling_factor"),
          inner * config.positive("n_shared_experts"),
          activation);
    }

    FeedForward layer(int layer) {
      String at = Sizes.at(layer) + ".mlp";
      GroupedSigmoidRouter router =
          new GroupedSigmoidRouter(
              Projection.named(at + ".gate", experts.experts(), experts.width(), false),
              Weight.named(at + ".gate.e_score_correction_bias", experts.experts()),
              groups,
              chosenGroups,
              chosen,
              normalized,
              scale);
      FeedForward shared =
          GatedFeedForward.named(
              at + ".shared_experts", experts.width(), sharedInner, false, activation);
      return new MixtureOfExperts(
          router, experts.stacks(at + ".experts"), activation, Optional.of(shared));
    }
  }
}
