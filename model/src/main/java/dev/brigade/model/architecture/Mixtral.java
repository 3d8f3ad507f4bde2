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
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.EngineException;
import java.util.Map;
import java.util.Optional;

/** Mixtral (Jiang et al. 2024): Mistral with a mixture of experts. */
final class Mixtral {
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "rms_norm_eps", 1e-5,
          "max_position_embeddings", 131_072,
          "num_key_value_heads", 8,
          "rope_theta", 1_000_000,
          "num_experts_per_tok", 2);

  private Mixtral() {}

  static Decoder decoder(ModelConfig json) throws EngineException {
    ModelConfig config = json.withDefaults(DEFAULTS);
    Sizes sizes = Sizes.of(config);
    RopeSpec rope = RopeConfig.of(config).requireWhole(config).spec(sizes.headWidth());
    Activation activation = Activations.of(config);
    int experts = ExpertCounts.experts(config);
    int chosen = ExpertCounts.chosen(config, experts);
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
                mixture(sizes, layer, experts, chosen, activation)));
  }

  /** Stored under Mixtral's own names, or under those that Transformers 5 uses in memory. */
  private static FeedForward mixture(
      Sizes sizes, int layer, int experts, int chosen, Activation activation) {
    String own = Sizes.at(layer) + ".block_sparse_moe";
    String newer = Sizes.at(layer) + ".mlp";
    Weight router =
        Weight.firstOf(
            Weight.named(own + ".gate.weight", experts, sizes.width()),
            Weight.named(newer + ".gate.weight", experts, sizes.width()));
    return new MixtureOfExperts(
        new SoftmaxRouter(new Projection(router, Optional.empty()), chosen, true),
        new ExpertNames(experts, sizes.inner(), sizes.width())
            .stacks(own + ".experts", "w1", "w3", "w2", newer + ".experts"),
        activation,
        Optional.empty());
  }
}
