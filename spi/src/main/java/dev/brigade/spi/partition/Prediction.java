package dev.brigade.spi.partition;

import java.time.Duration;
import java.util.List;

/**
 * How fast a plan is expected to be, from measured rates and links, or assumed ones where nothing
 * has been measured.
 *
 * @param perToken time of one token of one stream: every stage, every hop, and the way of the drawn
 *     token back to the first stage
 * @param tokensPerSecond over all streams, once every stage is busy: what the slowest stage or link
 *     lets through
 * @param stages in the order of the plan
 */
public record Prediction(Duration perToken, double tokensPerSecond, List<Part> stages) {
  public Prediction {
    stages = List.copyOf(stages);
  }

  /**
   * One stage's part.
   *
   * @param compute time in the engine for one token
   * @param handOn time until the next stage has the hidden state, or the first has the drawn token
   * @param memoryBytes weights, KV caches of the demand, activations and the engine itself
   * @param measured whether the engine's rate was measured there; else it is assumed
   */
  public record Part(Duration compute, Duration handOn, long memoryBytes, boolean measured) {}
}
