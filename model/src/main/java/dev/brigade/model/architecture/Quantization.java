package dev.brigade.model.architecture;

import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.weights.GroupCoding;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.EngineException.Unsupported;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * What configs say about quantised weights. Which tensors are how is read off the tensors; here
 * only ways that nobody could read are refused, by name, before anything is fetched or loaded.
 */
final class Quantization {
  private static final List<String> KEYS =
      List.of("quantization", "quantization_config", "compression_config");
  private static final String MODES =
      Arrays.stream(GroupCoding.values()).map(GroupCoding::mode).collect(Collectors.joining(", "));

  private Quantization() {}

  /**
   * Refuses what is not known.
   *
   * @throws Unsupported if a method or mode is not known; names it
   */
  static void require(ModelConfig config) throws EngineException {
    for (String key : KEYS) {
      if (config.has(key)) {
        ModelConfig section = config.section(key).orElseThrow();
        requireKnown(config, key, section);
        for (String layer : section.sections()) {
          requireKnown(config, key + " of " + layer, section.section(layer).orElseThrow());
        }
        // What MLX has converted may still say how it was quantised before.
        return;
      }
    }
  }

  /**
   * Bytes per weight of a checkpoint whose matrices are all in groups, scales included; the few
   * weights that are not, and layers with other bits, are left out of account.
   *
   * @return empty if it has none, or only its experts are in groups
   */
  static OptionalDouble bytesPerWeight(ModelConfig config) throws BadModel {
    for (String key : KEYS) {
      if (config.has(key)) {
        ModelConfig section = config.section(key).orElseThrow();
        if (section.has("quant_method") || !isGroups(section)) {
          return OptionalDouble.empty();
        }
        String mode = section.text("mode", GroupCoding.AFFINE.mode());
        // Scale and bias of 16 bits each, or one scale of 8.
        int perGroup = mode.equals(GroupCoding.AFFINE.mode()) ? 4 : 1;
        double groupSize = section.positive("group_size");
        return OptionalDouble.of(section.positive("bits") / 8.0 + perGroup / groupSize);
      }
    }
    return OptionalDouble.empty();
  }

  private static void requireKnown(ModelConfig config, String what, ModelConfig section)
      throws EngineException {
    boolean known =
        section.has("quant_method")
            // gpt-oss as it was published; MLX's own conversions have no method.
            ? section.text("quant_method").equals(GroupCoding.MXFP4.mode())
            : isGroups(section);
    if (!known) {
      throw new Unsupported(
          ("%s: %s with method '%s' is not supported; use a checkpoint in f32, f16 or bf16, or one"
                  + " that MLX quantised in groups (modes %s)")
              .formatted(config.where(), what, method(section), MODES));
    }
  }

  private static boolean isGroups(ModelConfig section) throws BadModel {
    String mode = section.text("mode", GroupCoding.AFFINE.mode());
    return section.has("group_size") && section.has("bits") && GroupCoding.ofMode(mode).isPresent();
  }

  private static String method(ModelConfig section) throws BadModel {
    return section.text("quant_method", section.text("mode", "unnamed"));
  }
}
