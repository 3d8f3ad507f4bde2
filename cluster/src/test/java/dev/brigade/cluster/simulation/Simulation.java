package dev.brigade.cluster.simulation;

import dev.brigade.cluster.Deadlines;
import dev.brigade.cluster.LoadListener;
import dev.brigade.cluster.Node;
import dev.brigade.cluster.NodeParts;
import dev.brigade.cluster.NodeSettings;
import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.plan.RingMemoryWeighted;
import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.spi.Timer;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.TransportException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** A cluster of real nodes in a virtual world. */
final class Simulation {
  static final long MEMORY = 1 << 20;

  private final VirtualWorld world;
  private final VirtualNetwork network;
  private final List<Node> nodes = new ArrayList<>();
  private final List<ToyEngine> engines = new ArrayList<>();
  private final boolean standby;
  private final long memoryBytes;
  private final List<Integer> crashed = new ArrayList<>();

  Simulation(long seed, Faults faults, int count) throws TransportException {
    this(seed, faults, count, false, MEMORY);
  }

  /**
   * @param standby whether shards have spare holders
   * @param memoryBytes of each node
   */
  Simulation(long seed, Faults faults, int count, boolean standby, long memoryBytes)
      throws TransportException {
    this.standby = standby;
    this.memoryBytes = memoryBytes;
    world = new VirtualWorld(seed);
    network = new VirtualNetwork(world, faults);
    for (int i = 0; i < count; i++) {
      join();
    }
    world.run(Duration.ofSeconds(2));
  }

  private void join() throws TransportException {
    int number = nodes.size();
    ToyEngine engine = new ToyEngine();
    engines.add(engine);
    Deadlines deadlines =
        new Deadlines(
            Duration.ofSeconds(20),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofMillis(300));
    NodeSettings settings =
        new NodeSettings(
            "node" + number,
            new Machine("machine" + number, memoryBytes),
            memoryBytes,
            Optional.empty(),
            Optional.empty(),
            256,
            Optional.empty(),
            standby,
            deadlines);
    NodeParts parts =
        new NodeParts(
            "simulated",
            new VirtualRuntime(world),
            engine,
            network.transport(),
            List.of(),
            new RingMemoryWeighted(),
            new ToyModel(),
            LoadListener.none());
    nodes.add(Node.start(settings, parts));
  }

  VirtualWorld world() {
    return world;
  }

  Node node(int number) {
    return nodes.get(number);
  }

  /** Starts a request; its events come into the list that is given back. */
  List<GenerationEvent> generate(int entry, GenerationRequest request) {
    List<GenerationEvent> events = new ArrayList<>();
    nodes.get(entry).generate(request, events::add);
    return events;
  }

  void crash(int number) {
    crashed.add(number);
    network.crash(nodes.get(number).self().id());
  }

  void run(Duration atMost) {
    world.run(atMost);
  }

  /** How often shards have been loaded on any node. */
  int loads() {
    return engines.stream().mapToInt(ToyEngine::loads).sum();
  }

  /** Sequences open on nodes that live. */
  int openSequences() {
    return living().stream().mapToInt(i -> engines.get(i).openSequences()).sum();
  }

  /** Shards loaded on nodes that live. */
  int openShards() {
    return living().stream().mapToInt(i -> engines.get(i).openShards()).sum();
  }

  private List<Integer> living() {
    List<Integer> living = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      if (!crashed.contains(i)) {
        living.add(i);
      }
    }
    return living;
  }

  void closeAll() {
    living().forEach(i -> nodes.get(i).close());
    world.run(Duration.ofMinutes(10));
  }

  /** The threads and the chance of one node. */
  private static final class VirtualRuntime implements NodeRuntime {
    private final VirtualWorld world;
    private final Executor loop;
    private final Executor engine;
    private final Executor background;

    VirtualRuntime(VirtualWorld world) {
      this.world = world;
      loop = world.thread(Duration.ofNanos(200_000));
      engine = world.thread(Duration.ofMillis(5));
      background = world.thread(Duration.ofMillis(50));
    }

    @Override
    public Executor loop() {
      return loop;
    }

    @Override
    public Executor engine() {
      return engine;
    }

    @Override
    public Executor background() {
      return background;
    }

    @Override
    public Timer timer() {
      return (delay, task) -> world.after(delay, () -> loop.execute(task));
    }

    @Override
    public Clock clock() {
      return world.clock();
    }

    @Override
    public RandomGenerator random() {
      return world.random();
    }
  }
}
