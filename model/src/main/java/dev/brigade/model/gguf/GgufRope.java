package dev.brigade.model.gguf;

import dev.brigade.spi.engine.EngineException.BadModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a file says that rotary embedding is stretched, in the words of {@code rope_scaling}. */
final class GgufRope {
  private static final Map<String, String> YARN =
      Map.of(
          "beta_fast", "rope.scaling.yarn_beta_fast",
          "beta_slow", "rope.scaling.yarn_beta_slow",
          "attention_factor", "rope.scaling.yarn_attn_factor");

  /** What the converter writes is a tenth of the weight. */
  private static final double LOG_MULTIPLIER = 0.1;

  private final GgufValues values;

  GgufRope(GgufValues values) {
    this.values = values;
  }

  /**
   * {@code rope_scaling}; says so if nothing is stretched, since some models have a usual way that
   * counts where nothing is said.
   */
  Map<String, Object> scaling() throws BadModel {
    long context = values.number("rope.scaling.original_context_length").orElse(0L);
    if (values.has("rope_freqs.weight")) {
      // Divisors of all frequencies are one set of longrope's, whatever they came from.
      List<Float> divisors = values.floats("rope_freqs.weight");
      return longRope(divisors, divisors, values.required("context_length"), 1.0);
    } else if (values.has("rope_factors_long.weight")) {
      return longRope(
          values.floats("rope_factors_short.weight"),
          values.floats("rope_factors_long.weight"),
          context > 0 ? context : values.required("context_length"),
          values.value("rope.scaling.attn_factor").orElse(1.0));
    }
    Optional<Object> type = values.value("rope.scaling.type").filter(t -> !t.equals("none"));
    if (type.isEmpty()) {
      return Map.of("rope_type", "default");
    }
    Map<String, Object> scaling = new LinkedHashMap<>();
    scaling.put("rope_type", type.get());
    values.value("rope.scaling.factor").ifPresent(factor -> scaling.put("factor", factor));
    if (context > 0) {
      scaling.put("original_max_position_embeddings", context);
    }
    if (type.get().equals("yarn")) {
      YARN.forEach((name, key) -> values.value(key).ifPresent(v -> scaling.put(name, v)));
      deepSeek(scaling);
      // Not in the file; OpenAI's is the one model that keeps the ramp's ends as they come out.
      scaling.put("truncate", !values.architecture().equals("gpt-oss"));
    }
    return scaling;
  }

  /** DeepSeek's two weights, of which the file has one: they are equal in all published models. */
  private void deepSeek(Map<String, Object> scaling) {
    if (values.value("rope.scaling.yarn_log_multiplier").orElse(0) instanceof Double tenth) {
      double weight = (float) (tenth / LOG_MULTIPLIER);
      scaling.put("mscale", weight);
      scaling.put("mscale_all_dim", weight);
    }
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
}
