package dev.brigade.launcher.pipeline;

import dev.brigade.cluster.generation.FinishReason;
import dev.brigade.cluster.generation.Usage;
import dev.brigade.spi.partition.Plan;
import java.util.List;

/**
 * What came of a request.
 *
 * @param plan the stages that served it
 * @param tokens ids of the answer
 * @param text of the answer; empty for a model without tokenizer
 * @param reason why it ended
 * @param logits of the last prompt position, if they were asked for
 * @param usage counts and times
 */
public record GenerationResult(
    Plan plan,
    List<Integer> tokens,
    String text,
    FinishReason reason,
    List<Float> logits,
    Usage usage) {
  public GenerationResult {
    tokens = List.copyOf(tokens);
    logits = List.copyOf(logits);
  }
}
