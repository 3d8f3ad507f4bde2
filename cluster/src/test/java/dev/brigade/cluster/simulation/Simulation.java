package dev.brigade.cluster.simulation;

import dev.brigade.cluster.Node;
import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.spi.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A cluster of real nodes in a virtual world, and what can befall it. */
final class Simulation {
  private static final System.Logger LOG = System.getLogger(Simulation.class.getName());

  /** Of each node, unless said otherwise: more than the whole model takes. */
  static final long MEMORY = 1 << 20;

  private final long memory;
  private final boolean standby;
  private final VirtualWorld world;
  private final VirtualNetwork network;
  private final List<SimulatedNode> nodes = new ArrayList<>();
  private final List<SimulatedNode> started = new ArrayList<>();
  private final Set<SimulatedNode> drained = new LinkedHashSet<>();
  private final List<SimulatedRequest> requests = new ArrayList<>();
  private final List<String> diary = new ArrayList<>();
  private int joined;

  Simulation(long seed, Faults faults, int count) throws TransportException {
    this(seed, faults, count, false, MEMORY);
  }

  /**
   * @param standby whether shards have spare holders
   * @param memory bytes of each node; the toy model needs some 30,000 with a few sequences
   */
  Simulation(long seed, Faults faults, int count, boolean standby, long memory)
      throws TransportException {
    this.standby = standby;
    this.memory = memory;
    world = new VirtualWorld(seed);
    network = new VirtualNetwork(world, faults);
    for (int i = 0; i < count; i++) {
      join();
    }
    world.run(Duration.ofSeconds(2));
  }

  VirtualWorld world() {
    return world;
  }

  Node node(int seat) {
    return nodes.get(seat).node();
  }

  /** Shards loaded so far. */
  int loads() {
    return started.stream().mapToInt(SimulatedNode::loads).sum();
  }

  int openSequences() {
    return survivors().stream().mapToInt(SimulatedNode::openSequences).sum();
  }

  int openShards() {
    return survivors().stream().mapToInt(SimulatedNode::openShards).sum();
  }

  /** By their seats: a node that is started again takes the seat of the one before. */
  List<SimulatedNode> nodes() {
    return List.copyOf(nodes);
  }

  List<SimulatedNode> living() {
    return nodes.stream().filter(node -> node.isAlive() && !drained.contains(node)).toList();
  }

  List<SimulatedRequest> requests() {
    return List.copyOf(requests);
  }

  /** What befell the cluster, for the one who reads of a failure. */
  String diary() {
    return String.join("\n", diary);
  }

  private void note(String what) {
    Duration since = Duration.between(VirtualWorld.BEGIN, world.now());
    String line = "  %6d ms  %s".formatted(since.toMillis(), what);
    diary.add(line);
    LOG.log(System.Logger.Level.INFO, line);
  }

  /** Starts a request; its events come into the list that is given back. */
  List<GenerationEvent> generate(int entry, GenerationRequest request) {
    note("request at " + nodes.get(entry));
    List<GenerationEvent> events = new ArrayList<>();
    requests.add(new SimulatedRequest(request, events));
    SimulatedNode node = nodes.get(entry);
    node.process().here(() -> node.node().generate(request, events::add));
    return events;
  }

  void join() {
    nodes.add(start("node" + joined++));
    note(nodes.get(nodes.size() - 1) + " joins");
  }

  private SimulatedNode start(String name) {
    try {
      SimulatedNode node = new SimulatedNode(name, memory, standby, world, network);
      started.add(node);
      return node;
    } catch (TransportException e) {
      throw new IllegalStateException(e);
    }
  }

  void kill(int seat) {
    note(nodes.get(seat) + " is killed");
    nodes.get(seat).process().kill();
    network.killed();
  }

  /** Kills a node and starts it again under its name. */
  void restart(int seat, Duration after) {
    String name = nodes.get(seat).name();
    kill(seat);
    world.after(
        after,
        () -> {
          nodes.set(seat, start(name));
          note(nodes.get(seat) + " is started again");
        });
  }

  void sleep(int seat, Duration time) {
    SimulatedNode node = nodes.get(seat);
    note(node + " is stopped");
    node.process().stop();
    network.stopped();
    world.after(
        time,
        () -> {
          note(node + " runs again");
          node.process().resume();
          network.resumed(node.process());
        });
  }

  /** Cuts what one node says to another. */
  void deafen(int from, int to, Duration time) {
    cut(nodes.get(from), nodes.get(to), time);
  }

  private void cut(SimulatedNode from, SimulatedNode to, Duration time) {
    note(to + " does not hear " + from);
    network.cut(from.process(), to.process());
    world.after(
        time,
        () -> {
          note(to + " hears " + from + " again");
          network.mend(from.process(), to.process());
        });
  }

  /** Parts the nodes whose seats are named from all others. */
  void part(Set<Integer> seats, Duration time) {
    List<SimulatedNode> here = new ArrayList<>();
    List<SimulatedNode> there = new ArrayList<>();
    for (int seat = 0; seat < nodes.size(); seat++) {
      (seats.contains(seat) ? here : there).add(nodes.get(seat));
    }
    for (SimulatedNode one : here) {
      for (SimulatedNode other : there) {
        cut(one, other, time);
        cut(other, one, time);
      }
    }
  }

  void drain(int seat, Duration limit) {
    SimulatedNode node = nodes.get(seat);
    note(node + " drains");
    drained.add(node);
    node.process().here(() -> node.node().drain(limit));
  }

  /** Lets everything go on until all requests have ended, for some time at most. */
  void runUntilAnswered(Duration atMost) {
    Duration step = Duration.ofSeconds(1);
    for (Duration t = Duration.ZERO; t.compareTo(atMost) < 0; t = t.plus(step)) {
      world.run(step);
      if (requests.stream().allMatch(SimulatedRequest::hasEnded)) {
        return;
      }
    }
  }

  void run(Duration time) {
    world.run(time);
  }

  void closeAll() {
    living().forEach(node -> node.process().here(() -> node.node().close()));
    world.run(Duration.ofMinutes(10));
  }

  /** All that have not been killed. */
  List<SimulatedNode> survivors() {
    return nodes.stream().filter(SimulatedNode::isAlive).toList();
  }
}
