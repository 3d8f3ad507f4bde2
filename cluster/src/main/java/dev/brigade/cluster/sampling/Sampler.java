package dev.brigade.cluster.sampling;

import java.util.Arrays;

/**
 * Draws a token. A pure function: whoever has the same logits, parameters, position and ids draws
 * the same token, on any node and after any recovery.
 *
 * <p>The order is that of Hugging Face transformers: penalties, temperature, top-k, top-p, min-p.
 * The draw is one uniform number per position, made from the seed by two rounds of SplitMix64
 * (Steele, Lea and Flood 2014).
 */
public final class Sampler {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private Sampler() {}

  /**
   * Draws the token at a position.
   *
   * @param logits one per token of the vocabulary; changed by the call
   * @param position where the token will stand, the prompt counted
   * @param ids prompt and answer so far
   * @param promptLength how many of them are the prompt
   * @throws ArithmeticException if no logit is a number
   */
  public static int sample(
      float[] logits, SamplingParameters parameters, int position, int[] ids, int promptLength) {
    Penalties.apply(logits, parameters, ids, promptLength);
    int best = argmax(logits);
    if (parameters.temperature() == 0) {
      return best;
    }
    Candidates candidates =
        Candidates.of(logits, logits[best], parameters.temperature())
            .topK(parameters.topK())
            .topP(parameters.topP())
            .minP(parameters.minP());
    return candidates.draw(uniform(parameters.seed(), position));
  }

  /** Whether {@link #sample} looks at the ids at all. */
  public static boolean needsIds(SamplingParameters parameters) {
    return parameters.repetitionPenalty() != 1
        || parameters.frequencyPenalty() != 0
        || parameters.presencePenalty() != 0;
  }

  private static int argmax(float[] logits) {
    int best = -1;
    for (int id = 0; id < logits.length; id++) {
      if (!Float.isNaN(logits[id]) && (best < 0 || logits[id] > logits[best])) {
        best = id;
      }
    }
    if (best < 0 || Float.isInfinite(logits[best])) {
      throw new ArithmeticException(
          "the model's logits are not finite; try another precision, such as f32");
    }
    return best;
  }

  /** A number in [0, 1) for each seed and position. */
  static double uniform(long seed, int position) {
    long bits = mix(mix(seed + GOLDEN_GAMMA) + GOLDEN_GAMMA * (position + 1L));
    return (bits >>> 11) * 0x1.0p-53;
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Tokens with their shares, likeliest first, equal ones by id. */
  private record Candidates(int[] ids, double[] shares, int count) {

    static Candidates of(float[] logits, float best, double temperature) {
      // Below this the share is under 2^-60 of the likeliest: no draw can tell it from zero.
      double floor = best - 41.6 * temperature;
      int count = 0;
      int[] kept = new int[logits.length];
      for (int id = 0; id < logits.length; id++) {
        if (logits[id] >= floor) {
          kept[count++] = id;
        }
      }
      // Sorted as one long each: the order of the float's bits, descending, then the id.
      long[] keys = new long[count];
      for (int i = 0; i < count; i++) {
        int bits = Float.floatToIntBits(logits[kept[i]] + 0f);
        int ascending = bits < 0 ? ~bits : bits ^ Integer.MIN_VALUE;
        keys[i] = ((long) (~ascending) & 0xFFFFFFFFL) << 31 | kept[i];
      }
      Arrays.sort(keys);
      int[] ids = new int[count];
      double[] shares = new double[count];
      for (int i = 0; i < count; i++) {
        ids[i] = (int) (keys[i] & Integer.MAX_VALUE);
        shares[i] = Math.exp(((double) logits[ids[i]] - best) / temperature);
      }
      return new Candidates(ids, shares, count);
    }

    Candidates topK(int k) {
      return k == 0 || k >= count ? this : new Candidates(ids, shares, k);
    }

    Candidates topP(double p) {
      if (p >= 1) {
        return this;
      }
      double wanted = p * total();
      double sum = 0;
      int kept = 0;
      while (kept < count && sum < wanted) {
        sum += shares[kept++];
      }
      return new Candidates(ids, shares, Math.max(1, kept));
    }

    Candidates minP(double p) {
      int kept = count;
      while (kept > 1 && shares[kept - 1] < p * shares[0]) {
        kept--;
      }
      return new Candidates(ids, shares, kept);
    }

    int draw(double uniform) {
      double wanted = uniform * total();
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += shares[i];
        if (wanted < sum) {
          return ids[i];
        }
      }
      return ids[count - 1];
    }

    private double total() {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += shares[i];
      }
      return sum;
    }
  }
}
