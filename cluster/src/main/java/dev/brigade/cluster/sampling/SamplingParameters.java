package dev.brigade.cluster.sampling;

/**
 * How tokens are drawn.
 *
 * @param temperature 0 for greedy; else logits are divided by it
 * @param topK draw among the k likeliest only; 0 for no limit
 * @param topP draw among the likeliest that together have this probability; 1 for no limit
 * @param minP leave out what is less likely than this share of the likeliest; 0 for no limit
 * @param repetitionPenalty divides positive and multiplies negative logits of tokens that occurred
 *     in prompt or answer (Keskar et al. 2019); 1 for none
 * @param frequencyPenalty subtracted for each time that a token occurred in the answer; 0 for none
 * @param presencePenalty subtracted once if a token occurred in the answer; 0 for none
 * @param seed of the draws
 */
public record SamplingParameters(
    double temperature,
    int topK,
    double topP,
    double minP,
    double repetitionPenalty,
    double frequencyPenalty,
    double presencePenalty,
    long seed) {

  public SamplingParameters {
    require(temperature >= 0 && temperature <= 100, "temperature", temperature, "0..100");
    require(topK >= 0, "top_k", topK, "0 or more");
    require(topP > 0 && topP <= 1, "top_p", topP, "above 0, at most 1");
    require(minP >= 0 && minP <= 1, "min_p", minP, "0..1");
    require(repetitionPenalty > 0, "repetition_penalty", repetitionPenalty, "above 0");
    require(Math.abs(frequencyPenalty) <= 2, "frequency_penalty", frequencyPenalty, "-2..2");
    require(Math.abs(presencePenalty) <= 2, "presence_penalty", presencePenalty, "-2..2");
  }

  private static void require(boolean holds, String name, double value, String allowed) {
    if (!holds) {
      throw new IllegalArgumentException(name + " is " + value + ", allowed is " + allowed);
    }
  }

  /** Always the likeliest token. */
  public static SamplingParameters greedy() {
    return new SamplingParameters(0, 0, 1, 0, 1, 0, 0, 0);
  }

  /** Draws at this temperature, without any limit. */
  public static SamplingParameters of(double temperature, long seed) {
    return new SamplingParameters(temperature, 0, 1, 0, 1, 0, 0, seed);
  }
}
