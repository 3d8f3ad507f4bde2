package dev.brigade.launcher.pipeline;

import dev.brigade.cluster.Deadlines;
import dev.brigade.cluster.InferenceService;
import dev.brigade.cluster.LoadListener;
import dev.brigade.cluster.ModelLibrary;
import dev.brigade.cluster.Node;
import dev.brigade.cluster.NodeParts;
import dev.brigade.cluster.NodeSettings;
import dev.brigade.cluster.local.LocalNetwork;
import dev.brigade.cluster.plan.FixedCuts;
import dev.brigade.cluster.runtime.ThreadedRuntime;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.Machine;
import dev.brigade.spi.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Nodes of this process in a row, each with an engine of its own. The first one is the entry. */
public final class LocalPipeline implements AutoCloseable {
  private static final String CLUSTER = "local";
  private static final long PATIENCE_SECONDS = 30;

  private final List<MeasuredEngine> engines = new ArrayList<>();
  private final List<ThreadedRuntime> runtimes = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private Optional<LocalNetwork> network = Optional.empty();

  private LocalPipeline() {}

  /**
   * What is the same for all stages.
   *
   * @param cuts layers before which to cut; empty for even cuts
   * @param context most tokens of a sequence, prompt and answer together
   * @param precision of the weights; empty leaves it to model and engines
   * @param memory of this machine
   */
  public record Settings(
      List<Integer> cuts, int context, Optional<Precision> precision, Machine memory) {
    public Settings {
      cuts = List.copyOf(cuts);
    }
  }

  /**
   * Starts the nodes and waits until they see each other.
   *
   * @param engines one for each stage; closed with the pipeline
   */
  public static LocalPipeline start(
      Settings settings, List<InferenceEngine> engines, ModelLibrary library, LoadListener loads)
      throws Exception {
    LocalPipeline pipeline = new LocalPipeline();
    engines.forEach(engine -> pipeline.engines.add(new MeasuredEngine(engine)));
    try {
      pipeline.startNodes(settings, library, loads);
      pipeline
          .entryNode()
          .when(state -> state.nodes().size() == engines.size())
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return pipeline;
    } catch (Exception e) {
      pipeline.close();
      throw e;
    }
  }

  private void startNodes(Settings settings, ModelLibrary library, LoadListener loads)
      throws TransportException {
    ThreadedRuntime first = new ThreadedRuntime("stage0");
    runtimes.add(first);
    network = Optional.of(new LocalNetwork(first.timer()));
    for (int i = 0; i < engines.size(); i++) {
      String name = "stage" + i;
      if (i > 0) {
        runtimes.add(new ThreadedRuntime(name));
      }
      NodeSettings node =
          new NodeSettings(
              name,
              settings.memory(),
              settings.memory().memoryBytes(),
              Optional.empty(),
              Optional.empty(),
              settings.context(),
              settings.precision(),
              Deadlines.standard());
      NodeParts parts =
          new NodeParts(
              CLUSTER,
              runtimes.get(i),
              engines.get(i),
              network.get().transport(),
              List.of(),
              new FixedCuts(settings.cuts()),
              library,
              loads);
      nodes.add(Node.start(node, parts));
    }
  }

  /** Takes requests. */
  public InferenceService entry() {
    return entryNode();
  }

  private Node entryNode() {
    return nodes.get(0);
  }

  /**
   * What loading each stage of a plan took.
   *
   * @param plan one of this pipeline's
   */
  public List<StageLoad> loads(Plan plan) {
    List<StageLoad> loads = new ArrayList<>();
    for (int i = 0; i < plan.stages().size(); i++) {
      Stage stage = plan.stages().get(i);
      MeasuredEngine engine = engines.get(position(stage));
      MeasuredEngine.Load load =
          engine.load(plan.shard(i)).orElse(new MeasuredEngine.Load(Duration.ZERO, 0));
      loads.add(
          new StageLoad(stage.engine(), stage.first(), stage.last(), load.time(), load.bytes()));
    }
    return loads;
  }

  private int position(Stage stage) {
    for (int i = 0; i < nodes.size(); i++) {
      if (nodes.get(i).self().id().equals(stage.node())) {
        return i;
      }
    }
    throw new IllegalArgumentException("the plan has a stage elsewhere: " + stage);
  }

  /** Closes nodes and engines, and waits for it. */
  @Override
  public void close() {
    List<CompletableFuture<Void>> closing = nodes.stream().map(Node::close).toList();
    try {
      CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new))
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      System.getLogger(LocalPipeline.class.getName())
          .log(System.Logger.Level.WARNING, "the pipeline did not close in order", e);
    }
    // Engines of nodes that were never started have no other owner.
    engines.stream().skip(nodes.size()).forEach(MeasuredEngine::close);
    runtimes.forEach(ThreadedRuntime::close);
    network.ifPresent(LocalNetwork::close);
  }
}
