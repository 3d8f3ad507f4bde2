package dev.brigade.testkit.engine;

import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.reference.ReferenceConfig;
import dev.brigade.testkit.reference.ReferenceEngineProvider;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * How clearly each token of a text is sent to its experts: the smallest lead, over all layers, of a
 * chosen expert over one that is not, in the spread of the scores. Where that is less than the
 * rounding of an engine's arithmetic, the engine may choose another expert, and then has nothing to
 * do with the reference's logits any more, however close its arithmetic is.
 */
final class RoutingLeads {
  private final double[] leads;

  private RoutingLeads(int tokens) {
    leads = new double[tokens];
    Arrays.fill(leads, Double.POSITIVE_INFINITY);
  }

  /** Of a model that sends no token anywhere: nothing can go wrong. */
  static RoutingLeads withoutExperts(List<Integer> ids) {
    return new RoutingLeads(ids.size());
  }

  /** Runs the text on the reference engine. */
  static RoutingLeads of(Path folder, List<Integer> ids) throws EngineException {
    RoutingLeads leads = new RoutingLeads(ids.size());
    try (InferenceEngine reference =
            new ReferenceEngineProvider().create(ReferenceConfig.usual(), leads::chosen);
        ShardChain chain = ShardChain.load(reference, folder, Precision.F32)) {
      chain.feed(chain.open(ids.size(), ids.size()), ids);
    }
    return leads;
  }

  private void chosen(int row, float[] scores, int k) {
    float[] sorted = scores.clone();
    Arrays.sort(sorted);
    int finite = 0;
    while (sorted[finite] == Float.NEGATIVE_INFINITY) {
      finite++;
    }
    int last = sorted.length - k;
    if (last > finite) {
      double spread = sorted[sorted.length - 1] - sorted[finite];
      double lead = spread == 0 ? 0 : (sorted[last] - sorted[last - 1]) / spread;
      leads[row] = Math.min(leads[row], lead);
    }
  }

  /** The lead at a position of the text. */
  double at(int position) {
    return leads[position];
  }
}
