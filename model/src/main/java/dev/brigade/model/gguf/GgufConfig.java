package dev.brigade.model.gguf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.EngineException.Unsupported;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The config that a file's metadata and tensors amount to, in the words of Hugging Face. */
public final class GgufConfig {
  private static final Map<String, String> MODEL_TYPES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("llama", "llama"),
              Map.entry("qwen2", "qwen2"),
              Map.entry("qwen3", "qwen3"),
              Map.entry("qwen3moe", "qwen3_moe"),
              Map.entry("gemma2", "gemma2"),
              Map.entry("gemma3", "gemma3_text"),
              Map.entry("phi3", "phi3"),
              Map.entry("olmo2", "olmo2"),
              Map.entry("smollm3", "smollm3"),
              Map.entry("granite", "granite"),
              Map.entry("deepseek2", "deepseek_v3"),
              Map.entry("gpt-oss", "gpt_oss")));

  /** Architectures whose queries and keys the converter reorders. */
  private static final Set<String> INTERLEAVED = Set.of("llama", "granite", "smollm3");

  private static final Set<String> GEMMA = Set.of("gemma2", "gemma3");

  /** Layers of the largest gemma2 and gemma3, whose scale is not by the width of a head. */
  private static final Map<String, Long> SCALED_BY_WIDTH = Map.of("gemma2", 46L, "gemma3", 62L);

  /** Names of the metadata, less the architecture, by those of the config. */
  private static final Map<String, String> KEYS =
      Map.ofEntries(
          Map.entry("num_hidden_layers", "block_count"),
          Map.entry("max_position_embeddings", "context_length"),
          Map.entry("hidden_size", "embedding_length"),
          Map.entry("intermediate_size", "feed_forward_length"),
          Map.entry("num_attention_heads", "attention.head_count"),
          Map.entry("num_key_value_heads", "attention.head_count_kv"),
          Map.entry("head_dim", "attention.key_length"),
          Map.entry("rms_norm_eps", "attention.layer_norm_rms_epsilon"),
          Map.entry("rope_theta", "rope.freq_base"),
          Map.entry("rope_local_base_freq", "rope.freq_base_swa"),
          Map.entry("num_local_experts", "expert_count"),
          Map.entry("num_experts_per_tok", "expert_used_count"),
          Map.entry("moe_intermediate_size", "expert_feed_forward_length"),
          Map.entry("attn_logit_softcapping", "attn_logit_softcapping"),
          Map.entry("final_logit_softcapping", "final_logit_softcapping"),
          Map.entry("embedding_multiplier", "embedding_scale"),
          Map.entry("residual_multiplier", "residual_scale"),
          Map.entry("logits_scaling", "logit_scale"),
          Map.entry("attention_multiplier", "attention.scale"));

  /** Architectures that call the norm after, or beyond, attention as Hugging Face does. */
  private static final Set<String> NORMS_AFTER = Set.of("gemma2", "gemma3", "olmo2", "gpt-oss");

  private static final String LATENT = "deepseek2";

  private final GgufFile file;
  private final String architecture;
  private final GgufValues values;

  /**
   * @throws Unsupported if the architecture is not known
   */
  public GgufConfig(GgufFile file) throws BadModel, Unsupported {
    this.file = file;
    architecture =
        file.text("general.architecture")
            .orElseThrow(() -> new BadModel(file.path() + ": general.architecture is missing"));
    if (!MODEL_TYPES.containsKey(architecture)) {
      throw new Unsupported(
          "%s: GGUF architecture '%s' is not known; known are %s"
              .formatted(file.path(), architecture, String.join(", ", MODEL_TYPES.keySet())));
    }
    values = new GgufValues(file, architecture);
  }

  /** How tensors are named and stored. */
  GgufNames names() throws BadModel {
    return new GgufNames(
        INTERLEAVED.contains(architecture),
        GEMMA.contains(architecture),
        NORMS_AFTER.contains(architecture),
        Math.toIntExact(values.headWidth()),
        values::has);
  }

  /**
   * The config.
   *
   * @throws Unsupported if the architecture is known and this variant of it is not
   */
  public ModelConfig config() throws BadModel, Unsupported {
    Map<String, Object> json = new LinkedHashMap<>();
    boolean experts = values.number("expert_count").orElse(0L) > 0;
    boolean mixtral = architecture.equals("llama") && experts;
    json.put("model_type", mixtral ? "mixtral" : MODEL_TYPES.get(architecture));
    KEYS.forEach((name, key) -> values.value(key).ifPresent(value -> json.put(name, value)));
    if (!experts) {
      json.remove("num_local_experts");
    }
    json.put("vocab_size", values.tensor("token_embd.weight").shape().get(0));
    json.put("tie_word_embeddings", !values.has("output.weight"));
    json.put("attention_bias", values.has("blk.0.attn_q.bias"));
    json.put("mlp_bias", values.has("blk.0.ffn_up.bias"));
    json.put("norm_topk_prob", true);
    json.put("dtype", mostOften());
    values
        .number("attention.sliding_window")
        .filter(window -> window > 0)
        .ifPresent(window -> json.put("sliding_window", window));
    if (architecture.equals(LATENT)) {
      json.remove("head_dim");
      json.putAll(new GgufLatentAttention(values).config());
    } else {
      Optional<Long> rotated = values.number("rope.dimension_count");
      if (rotated.isPresent()) {
        json.put("partial_rotary_factor", (double) rotated.get() / values.headWidth());
      }
    }
    if (GEMMA.contains(architecture)) {
      json.put("query_pre_attn_scalar", gemmaScalar());
    }
    Map<String, Object> scaling = new GgufRope(values).scaling();
    json.put("rope_scaling", scaling);
    // Some recipes have a default at the top, which would count more.
    Object context = scaling.get("original_max_position_embeddings");
    if (context != null) {
      json.put("original_max_position_embeddings", context);
    }
    json.put("eos_token_id", GgufVocabulary.of(file).map(GgufVocabulary::stops).orElse(List.of()));
    file.number("tokenizer.ggml.bos_token_id").ifPresent(id -> json.put("bos_token_id", id));
    try {
      String text = new ObjectMapper().writeValueAsString(json);
      return ModelConfig.parse(text, "metadata of " + file.path());
    } catch (JsonProcessingException e) {
      throw new BadModel(file.path() + ": metadata cannot be written as JSON", e);
    }
  }

  /** The type of most elements, by its name in lower case, such as {@code bf16} or {@code q4_k}. */
  private String mostOften() {
    Map<GgufType, Long> elements = new EnumMap<>(GgufType.class);
    file.tensors()
        .values()
        .forEach(tensor -> elements.merge(tensor.type(), tensor.elements(), Math::addExact));
    return elements.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(most -> most.getKey().name().toLowerCase(Locale.ROOT))
        .orElse("f32");
  }

  private long gemmaScalar() throws BadModel {
    boolean byWidth =
        values.number("block_count").equals(Optional.of(SCALED_BY_WIDTH.get(architecture)));
    return byWidth
        ? values.required("embedding_length") / values.required("attention.head_count")
        : values.headWidth();
  }
}
