package dev.brigade.cluster.plan;

import dev.brigade.spi.partition.Plan;
import java.util.List;

/**
 * A plan whose stages are all loaded.
 *
 * @param plan the plan
 * @param stages what loading took, in the order of the plan's stages
 */
public record PlacedPlan(Plan plan, List<Load> stages) {
  public PlacedPlan {
    stages = List.copyOf(stages);
  }

  /**
   * What loading a stage took.
   *
   * @param millis 0 if it was there already
   * @param bytes memory that it holds
   */
  public record Load(long millis, long bytes) {}
}
