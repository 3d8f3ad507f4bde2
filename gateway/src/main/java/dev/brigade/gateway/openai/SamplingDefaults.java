package dev.brigade.gateway.openai;

/**
 * How a model is sampled where a request says nothing; units as in {@link
 * dev.brigade.cluster.sampling.SamplingParameters}.
 */
public record SamplingDefaults(
    double temperature, int topK, double topP, double minP, double repetitionPenalty) {

  /** OpenAI's, for a model that says nothing either. */
  public static final SamplingDefaults PLAIN = new SamplingDefaults(1, 0, 1, 0, 1);
}
