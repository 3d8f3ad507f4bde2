package dev.brigade.testkit.golden;

import java.util.List;
import java.util.Map;

/**
 * What the reference computed for one prompt, in f32.
 *
 * @param ids the prompt
 * @param lastLogits after its last token, one for each token of the vocabulary
 * @param hiddenBefore first eight elements of the hidden state of the last token that enters a
 *     layer; the entry after the last layer is what leaves it, before the final norm
 * @param hiddenNorm Euclidean norms of these whole states
 * @param argmax likeliest next token after each token of the prompt
 * @param logitDeviation standard deviation of the logits, the unit of tolerances
 * @param greedyIds tokens that greedy decoding goes on with
 * @param greedyMargins by how much each of them beats the second best
 */
public record GoldenPrompt(
    List<Integer> ids,
    List<Double> lastLogits,
    Map<Integer, List<Double>> hiddenBefore,
    Map<Integer, Double> hiddenNorm,
    List<Integer> argmax,
    double logitDeviation,
    List<Integer> greedyIds,
    List<Double> greedyMargins) {

  public GoldenPrompt {
    ids = List.copyOf(ids);
    lastLogits = List.copyOf(lastLogits);
    hiddenBefore = Map.copyOf(hiddenBefore);
    hiddenNorm = Map.copyOf(hiddenNorm);
    argmax = List.copyOf(argmax);
    greedyIds = List.copyOf(greedyIds);
    greedyMargins = List.copyOf(greedyMargins);
  }

  /** The prompt as an array. */
  public int[] idArray() {
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }
}
