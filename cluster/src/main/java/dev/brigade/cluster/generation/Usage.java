package dev.brigade.cluster.generation;

import java.time.Duration;
import java.util.List;

/**
 * What a request took.
 *
 * @param promptTokens tokens of the prompt
 * @param completionTokens tokens generated
 * @param prefill from the first step sent to the first token received
 * @param decode from the first token received to the last
 * @param recoveries how often it was moved to other stages
 * @param stages what each stage of the last plan did, in its order
 */
public record Usage(
    int promptTokens,
    int completionTokens,
    Duration prefill,
    Duration decode,
    int recoveries,
    List<StageTiming> stages) {
  public Usage {
    stages = List.copyOf(stages);
  }

  /** Prompt tokens per second. */
  public double prefillTokensPerSecond() {
    return rate(promptTokens, prefill);
  }

  /** Generated tokens per second, the first not counted, as it comes with the prefill. */
  public double decodeTokensPerSecond() {
    return rate(completionTokens - 1, decode);
  }

  private static double rate(int tokens, Duration time) {
    return tokens < 1 || time.isZero() ? 0 : tokens / (time.toNanos() / 1e9);
  }
}
