package dev.brigade.cluster.sampling;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Makes tokens that have occurred less likely, or likelier. */
final class Penalties {
  private Penalties() {}

  static void apply(float[] logits, SamplingParameters parameters, int[] ids, int promptLength) {
    if (!Sampler.needsIds(parameters)) {
      return;
    }
    Set<Integer> seen = new HashSet<>();
    Map<Integer, Integer> answered = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      seen.add(ids[i]);
      if (i >= promptLength) {
        answered.merge(ids[i], 1, Integer::sum);
      }
    }
    float repetition = (float) parameters.repetitionPenalty();
    for (int id : seen) {
      logits[id] = logits[id] > 0 ? logits[id] / repetition : logits[id] * repetition;
    }
    answered.forEach(
        (id, count) ->
            logits[id] -=
                (float) (parameters.frequencyPenalty() * count + parameters.presencePenalty()));
  }
}
