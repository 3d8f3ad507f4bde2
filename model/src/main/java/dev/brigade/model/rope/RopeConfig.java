package dev.brigade.model.rope;

import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.EngineException.Unsupported;

/**
 * What a config says about rotary embedding, in either style: Transformers 5 has {@code
 * rope_parameters} with everything inside; before, there were {@code rope_theta} and {@code
 * rope_scaling}, whose kind is {@code rope_type} or {@code type}.
 *
 * @param theta base of the frequencies
 * @param rotatedPart part of each head's columns that is rotated
 * @param scaling how it is stretched to longer contexts
 */
public record RopeConfig(double theta, double rotatedPart, RopeScaling scaling) {
  private static final double USUAL_THETA = 10_000;

  public RopeConfig {
    if (!(theta > 0) || !(rotatedPart > 0) || rotatedPart > 1) {
      throw new IllegalArgumentException(
          "rope_theta %s must be positive, partial_rotary_factor %s within (0, 1]"
              .formatted(theta, rotatedPart));
    }
  }

  /** Reads the description that all layers share. */
  public static RopeConfig of(ModelConfig config) throws EngineException {
    ModelConfig section = config.firstSection("rope_scaling", "rope_parameters");
    return of(config, section, config.number("rope_theta", USUAL_THETA));
  }

  /**
   * Reads a description that some layers have.
   *
   * @param config the whole config, whose keys count where the section has none
   * @param section {@code rope_parameters} or {@code rope_scaling}, or a part of it
   * @param theta base of the frequencies unless the section says it
   */
  public static RopeConfig of(ModelConfig config, ModelConfig section, double theta)
      throws EngineException {
    return new RopeConfig(
        section.number("rope_theta", theta),
        section.number("partial_rotary_factor", config.number("partial_rotary_factor", 1)),
        scaling(config, section));
  }

  /** The same, for a recipe that rotates whole heads; refuses a config that wants less. */
  public RopeConfig requireWhole(ModelConfig config) throws Unsupported {
    if (rotatedPart != 1) {
      throw new Unsupported(
          "%s: partial_rotary_factor %s: this architecture rotates whole heads here"
              .formatted(config.where(), rotatedPart));
    }
    return this;
  }

  /** The rotation of the first columns of heads of a width. */
  public RopeSpec spec(int headWidth) {
    return spec(headWidth, 0, (int) (headWidth * rotatedPart), RopeSpec.Pairing.HALVES);
  }

  /** The rotation of {@code columns} columns of each head, from {@code offset} on. */
  public RopeSpec spec(int headWidth, int offset, int columns, RopeSpec.Pairing pairing) {
    BaseFrequencies base = new BaseFrequencies(theta, columns);
    return new RopeSpec(headWidth, offset, pairing, scaling.rotation(base), scaling.beyond(base));
  }

  private static RopeScaling scaling(ModelConfig config, ModelConfig section)
      throws EngineException {
    String kind = section.text("rope_type", section.text("type", "default"));
    return switch (kind) {
      // Dynamic NTK differs from the default only beyond max_position_embeddings, the context
      // limit.
      case "default", "dynamic" -> new RopeScaling.None();
      case "linear" -> new LinearRope(section.number("factor"));
      case "llama3" ->
          new Llama3Rope(
              section.number("factor"),
              section.number("low_freq_factor"),
              section.number("high_freq_factor"),
              originalContext(config, section));
      // The first Phi-3 models call longrope "su" or "yarn".
      case "yarn" ->
          section.has("short_factor") ? longRope(config, section) : yarn(config, section);
      case "longrope", "su" -> longRope(config, section);
      default ->
          throw new Unsupported(
              "%s: rope type '%s' is unknown; known are default, linear, dynamic, llama3, yarn and"
                      .formatted(section.where(), kind)
                  + " longrope");
    };
  }

  private static YarnRope yarn(ModelConfig config, ModelConfig section) throws BadModel {
    int original = originalContext(config, section);
    double factor = factor(config, section, original);
    double magnitude =
        section.has("attention_factor")
            ? section.number("attention_factor")
            : YarnRope.magnitude(
                factor, section.number("mscale", 0), section.number("mscale_all_dim", 0));
    return new YarnRope(
        factor,
        original,
        orUsual(section.number("beta_fast", 0), 32),
        orUsual(section.number("beta_slow", 0), 1),
        section.flag("truncate", true),
        magnitude,
        section.number("mscale_all_dim", 0));
  }

  private static LongRope longRope(ModelConfig config, ModelConfig section) throws BadModel {
    int original = originalContext(config, section);
    double magnitude =
        section.has("attention_factor")
            ? section.number("attention_factor")
            : LongRope.magnitude(factor(config, section, original), original);
    return new LongRope(
        section.numbers("short_factor"), section.numbers("long_factor"), original, magnitude);
  }

  /** Where it is written at the top, as Phi-3 does, that counts. */
  private static int originalContext(ModelConfig config, ModelConfig section) throws BadModel {
    String key = "original_max_position_embeddings";
    if (config.has(key)) {
      return config.positive(key);
    }
    return section.has(key) ? section.positive(key) : config.positive("max_position_embeddings");
  }

  private static double factor(ModelConfig config, ModelConfig section, int original)
      throws BadModel {
    return section.has("factor")
        ? section.number("factor")
        : (double) config.positive("max_position_embeddings") / original;
  }

  private static double orUsual(double value, double usual) {
    return value == 0 ? usual : value;
  }
}
