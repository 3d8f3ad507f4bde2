package dev.brigade.spi.transport;

import dev.brigade.spi.engine.EngineProfile;
import java.util.List;
import java.util.Optional;

/**
 * What a node says of itself; fixed until announced anew.
 *
 * @param id this run of the node
 * @param name stable, chosen by a person
 * @param machine where it runs; nodes of one machine share its memory
 * @param address where its transport listens
 * @param api address of its HTTP interface, if it has one
 * @param profile of its engine
 * @param memoryBytes what Brigade may use there for weights, KV caches and activations
 * @param models ids of the models whose files it has or can fetch
 * @param state whether it takes work
 */
public record NodeInfo(
    NodeId id,
    String name,
    Machine machine,
    Endpoint address,
    Optional<String> api,
    EngineProfile profile,
    long memoryBytes,
    List<String> models,
    NodeState state) {
  public NodeInfo {
    models = List.copyOf(models);
    if (name.isBlank()) {
      throw new IllegalArgumentException("node name is blank");
    }
    if (memoryBytes < 0) {
      throw new IllegalArgumentException("node memory is negative: " + memoryBytes + " bytes");
    }
  }

  /** The same node in another state. */
  public NodeInfo withState(NodeState newState) {
    return new NodeInfo(id, name, machine, address, api, profile, memoryBytes, models, newState);
  }
}
