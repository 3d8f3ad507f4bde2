package dev.brigade.spi.partition;

import dev.brigade.spi.engine.Precision;
import java.util.List;

/**
 * What a plan must be able to serve.
 *
 * @param context tokens of one sequence, prompt and answer together
 * @param sequences sequences at the same time
 * @param precisions of the weights, the most wanted first; each node takes the first that its
 *     engine has, and a node whose engine has none is left out. Empty leaves it to each engine
 * @param goal what to prefer where there is a choice
 */
public record Demand(int context, int sequences, List<Precision> precisions, Goal goal) {
  public Demand {
    precisions = List.copyOf(precisions);
    if (context < 1 || sequences < 1) {
      throw new IllegalArgumentException(
          "demand for " + sequences + " sequences of " + context + " tokens");
    }
  }

  /** What to prefer. */
  public enum Goal {
    /** One stream as fast as possible. */
    LATENCY,
    /** Most tokens per second over all streams. */
    THROUGHPUT
  }
}
