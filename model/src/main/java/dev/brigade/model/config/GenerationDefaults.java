package dev.brigade.model.config;

import dev.brigade.spi.engine.EngineException.BadModel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How a model is sampled unless a request says otherwise, and where it stops.
 *
 * @param eosIds ids of which each ends a text; possibly none
 * @param bosId id that begins a text
 * @param sample whether to draw at random; false takes the likeliest token
 * @param temperature divides the logits
 * @param topP probability mass to draw from
 * @param topK number of tokens to draw from
 * @param minP least probability, as a part of the likeliest one's
 * @param repetitionPenalty what divides positive and multiplies negative logits of ids seen before
 */
public record GenerationDefaults(
    List<Integer> eosIds,
    OptionalInt bosId,
    boolean sample,
    OptionalDouble temperature,
    OptionalDouble topP,
    OptionalInt topK,
    OptionalDouble minP,
    OptionalDouble repetitionPenalty) {

  public GenerationDefaults {
    eosIds = List.copyOf(eosIds);
  }

  /**
   * Reads them.
   *
   * @param config {@code config.json}, which older models say everything in
   * @param generation {@code generation_config.json}, whose word counts more
   */
  public static GenerationDefaults of(ModelConfig config, Optional<ModelConfig> generation)
      throws BadModel {
    return new GenerationDefaults(
        preferring("eos_token_id", config, generation).counts("eos_token_id"),
        integer("bos_token_id", config, generation),
        preferring("do_sample", config, generation).flag("do_sample", false),
        number("temperature", config, generation),
        number("top_p", config, generation),
        integer("top_k", config, generation),
        number("min_p", config, generation),
        number("repetition_penalty", config, generation));
  }

  private static ModelConfig preferring(
      String key, ModelConfig config, Optional<ModelConfig> generation) {
    return generation.filter(g -> g.has(key)).orElse(config);
  }

  private static OptionalInt integer(
      String key, ModelConfig config, Optional<ModelConfig> generation) throws BadModel {
    ModelConfig source = preferring(key, config, generation);
    return source.has(key) ? OptionalInt.of(source.count(key, 0)) : OptionalInt.empty();
  }

  private static OptionalDouble number(
      String key, ModelConfig config, Optional<ModelConfig> generation) throws BadModel {
    ModelConfig source = preferring(key, config, generation);
    return source.has(key) ? OptionalDouble.of(source.number(key)) : OptionalDouble.empty();
  }
}
