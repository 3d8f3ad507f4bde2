package dev.brigade.cluster.generation;

import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.spi.partition.ModelShape;
import java.util.List;
import java.util.Optional;

/**
 * What to generate.
 *
 * @param model id of the model
 * @param promptIds used as they are; at least one
 * @param maxTokens most tokens to generate, at least 1; with the prompt within the model's context
 * @param sampling how tokens are drawn
 * @param stop texts that end the answer, and are not part of it; at most 16
 * @param ignoreEos whether to go on past the model's end-of-sequence tokens
 * @param promptLogits whether {@link GenerationEvent.Prefilled} carries logits; costs a transfer of
 *     the whole row
 * @param standby whether to refuse rather than to begin without a spare holder of each shard
 * @param id what the client calls it, with which its id in logs begins
 */
public record GenerationRequest(
    String model,
    List<Integer> promptIds,
    int maxTokens,
    SamplingParameters sampling,
    List<String> stop,
    boolean ignoreEos,
    boolean promptLogits,
    boolean standby,
    Optional<RequestId> id) {

  /** One without a name that does not insist on a standby. */
  public GenerationRequest(
      String model,
      List<Integer> promptIds,
      int maxTokens,
      SamplingParameters sampling,
      List<String> stop,
      boolean ignoreEos,
      boolean promptLogits) {
    this(
        model,
        promptIds,
        maxTokens,
        sampling,
        stop,
        ignoreEos,
        promptLogits,
        false,
        Optional.empty());
  }

  public GenerationRequest {
    promptIds = List.copyOf(promptIds);
    stop = List.copyOf(stop);
    if (promptIds.isEmpty()) {
      throw new IllegalArgumentException("the prompt has no tokens; it needs at least one");
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("max_tokens is " + maxTokens + ", it must be at least 1");
    }
    if (stop.size() > 16 || stop.stream().anyMatch(String::isEmpty)) {
      throw new IllegalArgumentException("stop takes at most 16 texts, none of them empty");
    }
  }

  /** The same, insisting on a standby. */
  public GenerationRequest withStandby() {
    return new GenerationRequest(
        model, promptIds, maxTokens, sampling, stop, ignoreEos, promptLogits, true, id);
  }

  /** The same under a name. */
  public GenerationRequest named(RequestId name) {
    return new GenerationRequest(
        model,
        promptIds,
        maxTokens,
        sampling,
        stop,
        ignoreEos,
        promptLogits,
        standby,
        Optional.of(name));
  }

  /**
   * Checks it against a model.
   *
   * @throws RequestException if an id is outside the vocabulary, or the prompt leaves no room for
   *     an answer
   */
  void check(ModelShape model) throws RequestException {
    for (int id : promptIds) {
      if (id < 0 || id >= model.vocabulary()) {
        throw new RequestException(
            RequestException.Kind.INVALID,
            "prompt id %d is not within the vocabulary, 0..%d"
                .formatted(id, model.vocabulary() - 1));
      }
    }
    if (promptIds.size() >= model.contextLimit()) {
      throw new RequestException(
          RequestException.Kind.CONTEXT_EXCEEDED,
          "the prompt has %d tokens, the model takes %d, the answer included; shorten the prompt"
              .formatted(promptIds.size(), model.contextLimit()));
    }
  }

  /** Where prompt and answer together end at the latest. */
  int limit(ModelShape model) {
    return (int) Math.min((long) promptIds.size() + maxTokens, model.contextLimit());
  }
}
