package dev.brigade.model.gguf;

import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.EngineException.Unsupported;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a file of architecture {@code deepseek2} says beyond the usual, in the words of
 * DeepSeek-V3's config. Files as converters write them now describe attention as one shared head
 * over the latent; older ones by its heads.
 */
final class GgufLatentAttention {
  private static final long SIGMOID = 2;

  private static final Map<String, String> KEYS =
      Map.of(
          "q_lora_rank", "attention.q_lora_rank",
          "kv_lora_rank", "attention.kv_lora_rank",
          "qk_rope_head_dim", "rope.dimension_count",
          "n_routed_experts", "expert_count",
          "n_shared_experts", "expert_shared_count",
          "routed_scaling_factor", "expert_weights_scale",
          "first_k_dense_replace", "leading_dense_block_count");

  private final GgufValues values;

  GgufLatentAttention(GgufValues values) {
    this.values = values;
  }

  /**
   * The additional keys.
   *
   * @throws Unsupported if experts are not chosen as DeepSeek-V3 does it
   */
  Map<String, Object> config() throws BadModel, Unsupported {
    requireSigmoid();
    Map<String, Object> config = new LinkedHashMap<>();
    KEYS.forEach((name, key) -> values.value(key).ifPresent(value -> config.put(name, value)));
    if (!config.containsKey("q_lora_rank")) {
      // Absent would mean the usual one.
      config.put("q_lora_rank", null);
    }
    config.put("attention_bias", values.has("blk.0.attn_kv_a_mqa.bias"));
    config.putIfAbsent("routed_scaling_factor", 1.0);
    config.put("num_key_value_heads", values.required("attention.head_count"));
    long keys = eitherOf("attention.key_length_mla", "attention.key_length");
    config.put("qk_nope_head_dim", keys - values.required("rope.dimension_count"));
    config.put("v_head_dim", eitherOf("attention.value_length_mla", "attention.value_length"));
    config.put("n_group", values.number("expert_group_count").orElse(1L));
    config.put("topk_group", values.number("expert_group_used_count").orElse(1L));
    config.put("norm_topk_prob", values.value("expert_weights_norm").orElse(false));
    return config;
  }

  private long eitherOf(String now, String before) throws BadModel {
    Optional<Long> stated = values.number(now);
    return stated.isPresent() ? stated.get() : values.required(before);
  }

  private void requireSigmoid() throws Unsupported {
    Optional<Long> stated = values.number("expert_gating_func");
    boolean biased =
        values.file().tensors().keySet().stream().anyMatch(name -> name.contains("exp_probs_b"));
    boolean sigmoid = stated.isPresent() ? stated.get() == SIGMOID : biased;
    if (!sigmoid || !biased) {
      throw new Unsupported(
          "%s: experts are chosen by %s; of architecture deepseek2 only DeepSeek-V3's way is"
                  .formatted(
                      values.file().path(),
                      sigmoid ? "sigmoid without a bias" : "softmax, as in DeepSeek-V2")
              + " supported: sigmoid with a bias (exp_probs_b)");
    }
  }
}
