package dev.brigade.cluster.observe;

import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.generation.FinishReason;
import dev.brigade.cluster.generation.Usage;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import java.time.Duration;

/** Something that an operator would want to know. */
public sealed interface ClusterEvent {

  /** A node has become a member. */
  record Joined(NodeInfo node) implements ClusterEvent {}

  /** A node is a member no more. */
  record Left(NodeInfo node) implements ClusterEvent {}

  /** A plan is loaded and takes requests. */
  record PlanReady(Plan plan) implements ClusterEvent {}

  /** A plan takes no more requests. */
  record PlanRetired(Plan plan) implements ClusterEvent {}

  /**
   * A plan is loaded that goes without a node of the active one, in case that node is lost.
   *
   * @param active id of the active plan
   */
  record StandbyReady(Plan plan, String active, NodeId lost) implements ClusterEvent {}

  /**
   * There is no standby for the loss of a node, though one is wanted.
   *
   * @param reason carries the sum where memory is missing
   */
  record StandbyMissing(Plan active, NodeId lost, String reason) implements ClusterEvent {}

  /**
   * A plan that stood by is the active one now.
   *
   * @param replaced id of the plan that it stood by for
   */
  record StandbyTaken(Plan plan, String replaced) implements ClusterEvent {}

  /**
   * A request of this node's clients begins a new attempt.
   *
   * @param attempt its number
   * @param tokens how many ids it replays
   * @param reason what broke
   */
  record Recovering(String request, int attempt, int tokens, String reason)
      implements ClusterEvent {}

  /**
   * A request goes on after that.
   *
   * @param pause between its last token before and its first token after
   */
  record Recovered(String request, int attempt, Duration pause) implements ClusterEvent {}

  /**
   * A request of this node's clients has its first token.
   *
   * @param waited since it was admitted: for a plan, for memory, and for the prompt to be computed
   */
  record FirstToken(String request, String model, Duration waited) implements ClusterEvent {}

  /** A request of this node's clients has its answer. */
  record Answered(String request, String model, FinishReason reason, Usage usage)
      implements ClusterEvent {}

  /**
   * A request of this node's clients got none, or not all of it.
   *
   * @param tokens how many had been generated
   */
  record Failed(String request, String model, int tokens, RequestException.Kind kind, String reason)
      implements ClusterEvent {}
}
