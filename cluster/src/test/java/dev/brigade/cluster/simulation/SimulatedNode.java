package dev.brigade.cluster.simulation;

import dev.brigade.cluster.Deadlines;
import dev.brigade.cluster.LoadListener;
import dev.brigade.cluster.Node;
import dev.brigade.cluster.NodeParts;
import dev.brigade.cluster.NodeSettings;
import dev.brigade.cluster.plan.RingMemoryWeighted;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.TransportException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A real node in a virtual process. */
final class SimulatedNode {
  private final String name;
  private final VirtualProcess process;
  private final ToyEngine engine = new ToyEngine();
  private final Node node;

  SimulatedNode(
      String name, long memory, boolean standby, VirtualWorld world, VirtualNetwork network)
      throws TransportException {
    this.name = name;
    process = new VirtualProcess(world);
    NodeSettings settings =
        new NodeSettings(
            name,
            new Machine("machine of " + name, memory),
            memory,
            Optional.empty(),
            Optional.empty(),
            256,
            Optional.empty(),
            standby,
            deadlines());
    NodeParts parts =
        new NodeParts(
            "simulated",
            process,
            engine,
            network.transport(process),
            List.of(),
            new RingMemoryWeighted(),
            new ToyModel(),
            LoadListener.none());
    node = Node.start(settings, parts);
  }

  private static Deadlines deadlines() {
    return new Deadlines(
        Duration.ofSeconds(20),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        Duration.ofMillis(300));
  }

  String name() {
    return name;
  }

  VirtualProcess process() {
    return process;
  }

  Node node() {
    return node;
  }

  boolean isAlive() {
    return !process.isDead();
  }

  int loads() {
    return engine.loads();
  }

  int openSequences() {
    return engine.openSequences();
  }

  int openShards() {
    return engine.openShards();
  }

  boolean holds(Plan plan) {
    return plan.stages().stream().anyMatch(stage -> stage.node().equals(node.self().id()));
  }

  @Override
  public String toString() {
    return name + " (" + node.self().id() + ")";
  }
}
