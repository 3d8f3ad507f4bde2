package dev.brigade.cluster.observe;

/** Watches a node. Called on the node's loop: must not block, and must not throw. */
public interface NodeObserver {

  /** Something has happened. */
  void event(ClusterEvent event);

  /** A stage of this node has done something; comes for every pass. */
  default void measured(StageMeasure measure) {}
}
