package dev.brigade.model.architecture;

import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.EngineException.Unsupported;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The architectures that are known, by the {@code model_type} of their configs. */
public final class Architectures {

  /** Reads a config and makes its decoder. */
  @FunctionalInterface
  private interface Recipe {
    Decoder decoder(ModelConfig config) throws EngineException;
  }

  private static final Map<String, Recipe> RECIPES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("deepseek_v3", DeepSeekV3::decoder),
              Map.entry("gemma2", Gemma2::decoder),
              Map.entry("gemma3_text", Gemma3::decoder),
              Map.entry("gpt_oss", GptOss::decoder),
              Map.entry("granite", Granite::decoder),
              Map.entry("llama", Llama::decoder),
              Map.entry("mistral", Mistral::decoder),
              Map.entry("mixtral", Mixtral::decoder),
              Map.entry("olmo2", Olmo2::decoder),
              Map.entry("phi3", Phi3::decoder),
              Map.entry("qwen2", Qwen2::decoder),
              Map.entry("qwen3", Qwen3::decoder),
              Map.entry("qwen3_moe", Qwen3Moe::decoder),
              Map.entry("smollm3", SmolLm3::decoder)));

  private Architectures() {}

  /** Values of {@code model_type} that have a recipe. */
  public static SortedSet<String> known() {
    return new TreeSet<>(RECIPES.keySet());
  }

  /**
   * The decoder that a config describes.
   *
   * @throws Unsupported if the architecture is not known, or has a feature that is not; names it
   * @throws BadModel if a key is missing or makes no sense; names it
   */
  public static Decoder decoder(ModelConfig config) throws EngineException {
    String type = config.text("model_type");
    Recipe recipe = RECIPES.get(type);
    if (recipe == null) {
      throw new Unsupported(
          "%s: model_type '%s' is not known; known are %s"
              .formatted(config.where(), type, String.join(", ", RECIPES.keySet())));
    }
    requireLanguageModel(config);
    Quantization.require(config);
    try {
      return recipe.decoder(config);
    } catch (IllegalArgumentException e) {
      throw new BadModel(config.where() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Bytes per weight of a checkpoint that is stored in groups, scales included; empty if it is not.
   *
   * @throws BadModel if what the config says of it makes no sense
   */
  public static OptionalDouble storedBytesPerWeight(ModelConfig config) throws BadModel {
    return Quantization.bytesPerWeight(config);
  }

  private static void requireLanguageModel(ModelConfig config) throws EngineException {
    List<String> names = config.texts("architectures");
    boolean hasHead =
        names.stream().anyMatch(name -> name.toLowerCase(Locale.ROOT).endsWith("forcausallm"));
    if (!names.isEmpty() && !hasHead) {
      throw new Unsupported(
          "%s: architectures %s has no language model head; wanted is one …ForCausalLM"
              .formatted(config.where(), names));
    }
  }
}
