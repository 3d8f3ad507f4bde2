package dev.brigade.cluster.generation;

/** A request under way. */
public interface Generation {

  /** Names the request in logs and on the wire. */
  String id();

  /** Ends it and frees what it holds on every stage; any thread, idempotent. */
  void cancel();
}
