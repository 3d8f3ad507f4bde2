package dev.brigade.spi.transport;

/** What a node announces of itself. */
public enum NodeState {
  /** Is there, but cannot hold a shard yet. */
  JOINING,
  /** Takes shards and requests. */
  UP,
  /** Finishes what it has and takes nothing new. */
  DRAINING,
  /** Was a member and is not any more. */
  DOWN
}
