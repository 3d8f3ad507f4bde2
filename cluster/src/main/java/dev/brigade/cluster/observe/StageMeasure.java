package dev.brigade.cluster.observe;

import dev.brigade.spi.partition.Plan;
import java.time.Duration;

/** What a stage of this node has done. */
public sealed interface StageMeasure {

  /**
   * A pass has run.
   *
   * @param plan whose stage it was
   * @param stage its number within the plan
   * @param slices requests in the pass
   * @param rows tokens in the pass
   * @param waited longest time that one of its steps waited for its turn
   * @param compute time in the engine
   */
  record Passed(Plan plan, int stage, int slices, int rows, Duration waited, Duration compute)
      implements StageMeasure {}

  /**
   * Hidden states have been taken in by the next stage.
   *
   * @param bytes of the hidden states
   * @param took from sending them to the receiver's answer, its wait for room included
   */
  record HandedOn(Plan plan, int stage, long bytes, Duration took) implements StageMeasure {}
}
