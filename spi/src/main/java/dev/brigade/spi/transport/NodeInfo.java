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
 * @param links what it has measured of its connections to others, each to another node
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
    NodeState state,
    List<MeasuredLink> links) {
  public NodeInfo {
    models = List.copyOf(models);
    links = List.copyOf(links);
    if (name.isBlank()) {
      throw new IllegalArgumentException("node name is blank");
    }
    if (memoryBytes < 0) {
      throw new IllegalArgumentException("node memory is negative: " + memoryBytes + " bytes");
    }
  }

  /** A node that has measured no connections. */
  public NodeInfo(
      NodeId id,
      String name,
      Machine machine,
      Endpoint address,
      Optional<String> api,
      EngineProfile profile,
      long memoryBytes,
      List<String> models,
      NodeState state) {
    this(id, name, machine, address, api, profile, memoryBytes, models, state, List.of());
  }

  /** The same node in another state. */
  public NodeInfo withState(NodeState newState) {
    return new NodeInfo(
        id, name, machine, address, api, profile, memoryBytes, models, newState, links);
  }

  /** The same node with what it has measured since. */
  public NodeInfo withMeasured(EngineProfile newProfile, List<MeasuredLink> newLinks) {
    return new NodeInfo(
        id, name, machine, address, api, newProfile, memoryBytes, models, state, newLinks);
  }

  /** The same node where Brigade may use more or less memory than before. */
  public NodeInfo withMemory(Machine newMachine, long newMemoryBytes) {
    return new NodeInfo(
        id, name, newMachine, address, api, profile, newMemoryBytes, models, state, links);
  }
}
