package dev.brigade.cluster;

import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.local.LocalNetwork;
import dev.brigade.cluster.plan.FixedCuts;
import dev.brigade.cluster.runtime.ThreadedRuntime;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.TransportException;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.reference.ReferenceConfig;
import dev.brigade.testkit.reference.ReferenceEngineProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Nodes with reference engines on a local network, in real time. */
final class LocalCluster implements AutoCloseable {
  private static final long SECONDS = 60;
  private static final long MEMORY = 1L << 30;

  private final TestHost host = TestHost.create();
  private final LocalNetwork network = new LocalNetwork(host.timer());
  private final List<Node> nodes = new ArrayList<>();
  private final List<ThreadedRuntime> runtimes = new ArrayList<>();
  private final List<Shard> loads = new CopyOnWriteArrayList<>();
  private final PartitionStrategy strategy;
  private final boolean standby;
  private final Deadlines deadlines;

  private LocalCluster(PartitionStrategy strategy, boolean standby, Deadlines deadlines) {
    this.strategy = strategy;
    this.standby = standby;
    this.deadlines = deadlines;
  }

  static LocalCluster cutBefore(Integer... cuts) throws Exception {
    LocalCluster cluster = usual(new FixedCuts(List.of(cuts)));
    return cluster.with(cuts.length + 1, MEMORY);
  }

  static LocalCluster planned(PartitionStrategy strategy, int nodes, long memoryBytes)
      throws Exception {
    return usual(strategy).with(nodes, memoryBytes);
  }

  private static LocalCluster usual(PartitionStrategy strategy) {
    return new LocalCluster(strategy, false, Deadlines.standard());
  }

  /** Does not plan anew after a loss, so that what happens then is the standby's doing. */
  static LocalCluster unsettled(PartitionStrategy strategy, boolean standby) {
    return new LocalCluster(strategy, standby, settlingIn(Duration.ofHours(1)));
  }

  /** Plans anew as soon as something has changed. */
  static LocalCluster restless(PartitionStrategy strategy) {
    return new LocalCluster(strategy, false, settlingIn(Duration.ofMillis(10)));
  }

  private static Deadlines settlingIn(Duration settle) {
    Deadlines usual = Deadlines.standard();
    return new Deadlines(usual.place(), usual.control(), usual.step(), usual.stall(), settle);
  }

  /** All that engines have been asked to load so far. */
  List<Shard> loads() {
    return List.copyOf(loads);
  }

  LocalCluster with(int count, long memoryBytes) throws Exception {
    for (int i = 0; i < count; i++) {
      join(memoryBytes);
    }
    return this;
  }

  Node join(long memoryBytes) throws Exception {
    ThreadedRuntime runtime = new ThreadedRuntime("node" + nodes.size());
    runtimes.add(runtime);
    NodeSettings settings =
        new NodeSettings(
            "node" + nodes.size(),
            new Machine("machine" + nodes.size(), memoryBytes),
            memoryBytes,
            Optional.empty(),
            Optional.empty(),
            1024,
            Optional.of(Precision.F32),
            standby,
            deadlines);
    Node node = Node.start(settings, parts(runtime));
    nodes.add(node);
    for (Node each : nodes) {
      each.when(state -> state.nodes().size() == nodes.size()).get(SECONDS, TimeUnit.SECONDS);
    }
    return node;
  }

  private NodeParts parts(ThreadedRuntime runtime) throws TransportException {
    return new NodeParts(
        "test",
        runtime,
        new CountingEngine(
            new ReferenceEngineProvider().create(ReferenceConfig.usual(), host), loads),
        network.transport(),
        List.of(),
        strategy,
        new FolderLibrary(),
        LoadListener.none());
  }

  Node node(int number) {
    return nodes.get(number);
  }

  /** Stops a node without a word to the others but that it is gone. */
  void close(int number) throws Exception {
    nodes.get(number).close().get(SECONDS, TimeUnit.SECONDS);
  }

  /** All events of a request, up to its end. */
  List<GenerationEvent> run(GenerationRequest request) throws Exception {
    return start(0, request).get(SECONDS, TimeUnit.SECONDS);
  }

  CompletableFuture<List<GenerationEvent>> start(int entry, GenerationRequest request) {
    List<GenerationEvent> events = new CopyOnWriteArrayList<>();
    CompletableFuture<List<GenerationEvent>> end = new CompletableFuture<>();
    node(entry)
        .generate(
            request,
            event -> {
              events.add(event);
              if (event instanceof GenerationEvent.Finished
                  || event instanceof GenerationEvent.Failed) {
                end.complete(List.copyOf(events));
              }
            });
    return end;
  }

  @Override
  public void close() {
    nodes.forEach(node -> node.close().orTimeout(SECONDS, TimeUnit.SECONDS).join());
    runtimes.forEach(ThreadedRuntime::close);
    network.close();
    host.close();
  }
}
