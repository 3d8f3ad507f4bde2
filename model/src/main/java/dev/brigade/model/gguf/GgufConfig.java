package dev.brigade.model.gguf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.weights.MappedFile;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.EngineException.Unsupported;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
              Map.entry("granite", "granite")));

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

  private final GgufFile file;
  private final String architecture;

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
  }

  /** How tensors are named and stored. */
  GgufNames names() throws BadModel {
    boolean gemma = GEMMA.contains(architecture);
    return new GgufNames(
        INTERLEAVED.contains(architecture),
        gemma,
        gemma || architecture.equals("olmo2"),
        Math.toIntExact(headWidth()),
        file.tensors()::containsKey);
  }

  /** The config. */
  public ModelConfig config() throws BadModel {
    Map<String, Object> json = new LinkedHashMap<>();
    boolean experts = number("expert_count").orElse(0L) > 0;
    boolean mixtral = architecture.equals("llama") && experts;
    json.put("model_type", mixtral ? "mixtral" : MODEL_TYPES.get(architecture));
    KEYS.forEach((name, key) -> value(key).ifPresent(value -> json.put(name, value)));
    if (!experts) {
      json.remove("num_local_experts");
    }
    json.put("dtype", GgufType.commonest(file.tensors().values()).name().toLowerCase(Locale.ROOT));
    json.put("vocab_size", tensor("token_embd.weight").shape().get(0));
    json.put("tie_word_embeddings", !file.tensors().containsKey("output.weight"));
    json.put("attention_bias", file.tensors().containsKey("blk.0.attn_q.bias"));
    json.put("mlp_bias", file.tensors().containsKey("blk.0.ffn_up.bias"));
    json.put("norm_topk_prob", true);
    number("attention.sliding_window")
        .filter(window -> window > 0)
        .ifPresent(window -> json.put("sliding_window", window));
    number("rope.dimension_count")
        .ifPresent(
            columns -> json.put("partial_rotary_factor", (double) columns / headWidthOr(columns)));
    if (GEMMA.contains(architecture)) {
      json.put("query_pre_attn_scalar", gemmaScalar());
    }
    Optional<Map<String, Object>> scaling = ropeScaling();
    if (scaling.isPresent()) {
      json.put("rope_scaling", scaling.get());
      // Some recipes have a default at the top, which would count more.
      Object context = scaling.get().get("original_max_position_embeddings");
      if (context != null) {
        json.put("original_max_position_embeddings", context);
      }
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

  private long gemmaScalar() throws BadModel {
    boolean byWidth = number("block_count").equals(Optional.of(SCALED_BY_WIDTH.get(architecture)));
    return byWidth ? required("embedding_length") / required("attention.head_count") : headWidth();
  }

  private Optional<Map<String, Object>> ropeScaling() throws BadModel {
    long context = number("rope.scaling.original_context_length").orElse(0L);
    if (file.tensors().containsKey("rope_freqs.weight")) {
      // Divisors of all frequencies are one set of longrope's, whatever they came from.
      List<Float> divisors = floats("rope_freqs.weight");
      return Optional.of(longRope(divisors, divisors, required("context_length"), 1.0));
    } else if (file.tensors().containsKey("rope_factors_long.weight")) {
      Object magnitude = value("rope.scaling.attn_factor").orElse(1.0);
      return Optional.of(
          longRope(
              floats("rope_factors_short.weight"),
              floats("rope_factors_long.weight"),
              context > 0 ? context : required("context_length"),
              magnitude));
    }
    Optional<Object> type = value("rope.scaling.type").filter(t -> !t.equals("none"));
    if (type.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Object> scaling = new LinkedHashMap<>();
    scaling.put("rope_type", type.get());
    value("rope.scaling.factor").ifPresent(factor -> scaling.put("factor", factor));
    if (context > 0) {
      scaling.put("original_max_position_embeddings", context);
    }
    return Optional.of(scaling);
  }

  private static Map<String, Object> longRope(
      List<Float> shortFactors, List<Float> longFactors, long context, Object magnitude) {
    return Map.of(
        "rope_type", "longrope",
        "short_factor", shortFactors,
        "long_factor", longFactors,
        "original_max_position_embeddings", context,
        "attention_factor", magnitude);
  }

  private List<Float> floats(String name) throws BadModel {
    GgufTensor tensor = tensor(name);
    MappedFile mapped = file.mapped();
    if (tensor.type() != GgufType.F32 || tensor.elements() > 1 << 16) {
      throw new BadModel(
          "%s: tensor '%s' is %s%s, want a few F32"
              .formatted(file.path(), name, tensor.type(), tensor.shape()));
    }
    try {
      ByteBuffer bytes = tensor.in(mapped).bytes().slice(0, tensor.elements() * Float.BYTES);
      List<Float> values = new ArrayList<>();
      while (bytes.hasRemaining()) {
        values.add(bytes.getFloat());
      }
      return values;
    } catch (IOException e) {
      throw new BadModel(file.path() + " cannot be read: " + e.getMessage(), e);
    }
  }

  private GgufTensor tensor(String name) throws BadModel {
    GgufTensor tensor = file.tensors().get(name);
    if (tensor == null) {
      throw new BadModel("tensor '" + name + "' is missing from " + file.path());
    }
    return tensor;
  }

  private long headWidth() throws BadModel {
    Optional<Long> stated = number("attention.key_length");
    return stated.isPresent()
        ? stated.get()
        : required("embedding_length") / Math.max(1, required("attention.head_count"));
  }

  private long headWidthOr(long otherwise) {
    try {
      return headWidth();
    } catch (BadModel e) {
      return otherwise;
    }
  }

  private Optional<Object> value(String key) {
    return Optional.ofNullable(file.metadata().get(architecture + "." + key));
  }

  private Optional<Long> number(String key) {
    return file.number(architecture + "." + key);
  }

  private long required(String key) throws BadModel {
    return number(key)
        .filter(value -> value > 0)
        .orElseThrow(
            () ->
                new BadModel(
                    "%s: '%s.%s' is missing or not above 0"
                        .formatted(file.path(), architecture, key)));
  }
}
