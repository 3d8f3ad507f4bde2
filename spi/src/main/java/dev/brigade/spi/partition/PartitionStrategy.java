package dev.brigade.spi.partition;

/**
 * Cuts a model into shards.
 *
 * <p>Rules, each of which the conformance kit checks:
 *
 * <ol>
 *   <li>A pure function: the same request gives the same outcome, on every node.
 *   <li>Never calls an engine, a clock or the network, and answers within milliseconds.
 *   <li>A plan's stages fit the memory that their nodes announce; nodes on one machine share it.
 *   <li>What does not fit is {@link PlanOutcome.Refused} with the sums, never an exception.
 * </ol>
 */
@FunctionalInterface
public interface PartitionStrategy {

  /** Plans. */
  PlanOutcome plan(PlanRequest request);
}
