package dev.brigade.cluster;

import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.transport.Machine;
import java.util.Optional;

/**
 * What a person decides about a node.
 *
 * @param name stable, shown to people
 * @param machine where it runs
 * @param memoryBytes what the node may use for weights, KV caches and activations
 * @param api address of its HTTP interface, announced to the others
 * @param model id of the model that is placed at start
 * @param context tokens of a sequence that plans have room for
 * @param precision of the weights; empty takes what the model is stored in where an engine has it
 * @param standby whether shards have spare holders, loaded in case a node is lost
 * @param deadlines how long to wait for what
 */
public record NodeSettings(
    String name,
    Machine machine,
    long memoryBytes,
    Optional<String> api,
    Optional<String> model,
    int context,
    Optional<Precision> precision,
    boolean standby,
    Deadlines deadlines) {

  /** Without standby. */
  public NodeSettings(
      String name,
      Machine machine,
      long memoryBytes,
      Optional<String> api,
      Optional<String> model,
      int context,
      Optional<Precision> precision,
      Deadlines deadlines) {
    this(name, machine, memoryBytes, api, model, context, precision, false, deadlines);
  }

  /** The same with or without standby. */
  public NodeSettings withStandby(boolean wanted) {
    return new NodeSettings(
        name, machine, memoryBytes, api, model, context, precision, wanted, deadlines);
  }
}
