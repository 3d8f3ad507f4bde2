package dev.brigade.model.architecture;

import dev.brigade.model.block.GatedFeedForward;
import dev.brigade.model.block.GroupedQueryAttention;
import dev.brigade.model.block.PreNormLayer;
import dev.brigade.model.block.Projection;
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
 * Phi 3, 3.5 and 4 (Abdin et al. 2024): Llama with fused projections, LongRoPE, and in some models
 * only part of each head rotated.
 */
final class Phi3 {
  private static final Map<String, Object> DEFAULTS =
      Map.of(
          "rms_norm_eps", 1e-5,
          "max_position_embeddings", 4096,
          "original_max_position_embeddings", 4096);

  private Phi3() {}

  static Decoder decoder(ModelConfig json) throws EngineException {
    ModelConfig config = json.withDefaults(DEFAULTS);
    Sizes sizes = Sizes.of(config);
    RopeSpec rope = RopeConfig.of(config).spec(sizes.headWidth());
    Activation activation = Activations.of(config);
    LayerWindows windows =
        LayerWindows.everywhere(config, sizes.layers(), LayerWindows.window(config));

    return sizes.decoder(
        sizes.vocabulary(config.flag("tie_word_embeddings", false)),
        layer ->
            new PreNormLayer(
                sizes.norm(Sizes.at(layer) + ".input_layernorm"),
                attention(sizes, layer, sizes.attentionOver(windows.of(layer))).withRope(rope),
                sizes.norm(Sizes.at(layer) + ".post_attention_layernorm"),
                feedForward(sizes, layer, activation)));
  }

  private static GroupedQueryAttention attention(Sizes sizes, int layer, AttentionSpec spec) {
    String at = Sizes.at(layer) + ".self_attn";
    int queries = sizes.heads() * sizes.headWidth();
    int keys = sizes.kvHeads() * sizes.headWidth();
    Projection fused = Projection.named(at + ".qkv_proj", queries + 2 * keys, sizes.width(), false);
    return new GroupedQueryAttention(
        layer,
        fused.outputs(0, queries),
        fused.outputs(queries, queries + keys),
        fused.outputs(queries + keys, queries + 2 * keys),
        Projection.named(at + ".o_proj", sizes.width(), queries, false),
        Optional.empty(),
        Optional.empty(),
        spec);
  }

  private static GatedFeedForward feedForward(Sizes sizes, int layer, Activation activation) {
    String at = Sizes.at(layer) + ".mlp";
    int inner = sizes.inner();
    Projection fused = Projection.named(at + ".gate_up_proj", 2 * inner, sizes.width(), false);
    return new GatedFeedForward(
        fused.outputs(0, inner),
        fused.outputs(inner, 2 * inner),
        Projection.named(at + ".down_proj", sizes.width(), inner, false),
        activation);
  }
}
