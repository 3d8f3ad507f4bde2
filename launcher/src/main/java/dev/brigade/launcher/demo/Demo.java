package dev.brigade.launcher.demo;

import dev.brigade.cluster.ClusterState;
import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.cluster.generation.StageTiming;
import dev.brigade.cluster.sampling.SamplingParameters;
import dev.brigade.launcher.console.Console;
import dev.brigade.launcher.console.ProgressLine;
import dev.brigade.launcher.host.MachineMemory;
import dev.brigade.launcher.model.ModelLocations;
import dev.brigade.launcher.model.OpenModel;
import dev.brigade.launcher.node.ClusterWatch;
import dev.brigade.launcher.node.RunningNode;
import dev.brigade.launcher.pipeline.Collector;
import dev.brigade.launcher.pipeline.GenerationResult;
import dev.brigade.launcher.plugins.PluginCatalog;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.NodeInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** Runs the demo: starts the nodes, asks them something, shows who did what. */
public final class Demo implements AutoCloseable {
  private static final int NODES = 3;
  private static final int API_PORT = 52415;
  private static final String MODEL = "bundled/pocket";
  private static final int ANSWER_TOKENS = 200;

  private final Console console;
  private final DemoCluster cluster;

  private Demo(Console console, DemoCluster cluster) {
    this.console = console;
    this.cluster = cluster;
  }

  /** Starts the nodes and waits until they have found each other. */
  public static Demo start(
      Console console, PluginCatalog plugins, ModelLocations locations, Path cache)
      throws Exception {
    List<DemoEngine> engines = engines(plugins);
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / NODES);
    DemoNodes nodes =
        new DemoNodes(
            "demo-" + UUID.randomUUID().toString().substring(0, 8),
            engines,
            FreePorts.tcp(NODES),
            FreePorts.udp(),
            MachineMemory.budget(Optional.empty()) / NODES,
            threads);
    int apiPort = FreePorts.isFree(API_PORT) ? API_PORT : 0;
    console.out().println("Starting three nodes on this machine ...");
    ProgressLine progress = new ProgressLine(console);
    DemoCluster cluster =
        DemoCluster.start(
            nodes,
            apiPort,
            MODEL,
            (config, secret) ->
                RunningNode.start(
                    config,
                    new RunningNode.Surroundings(
                        plugins,
                        locations,
                        Optional.of(secret),
                        cache,
                        false,
                        (shard, done) -> progress.accept(done))));
    return new Demo(console, cluster);
  }

  /** As many different engines as there are, in turn. */
  private static List<DemoEngine> engines(PluginCatalog plugins) {
    List<String> names = plugins.engines();
    if (names.isEmpty()) {
      throw new IllegalStateException("no engine can run here; see: brigade plugins");
    }
    List<DemoEngine> engines = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      String name = names.get(i % names.size());
      engines.add(new DemoEngine(name, plugins.engineKeys(name).contains("threads")));
    }
    return engines;
  }

  /** Asks, and shows plan, answer and times. */
  public void answer(String question) throws Exception {
    ClusterState state = cluster.awaitAll();
    state.nodes().forEach(node -> say("node   " + ClusterWatch.describe(node)));
    OpenModel model = cluster.first().models().model(MODEL);
    List<Integer> promptIds = model.text().orElseThrow().ask(question);
    GenerationRequest request =
        new GenerationRequest(
            MODEL, promptIds, ANSWER_TOKENS, SamplingParameters.greedy(), List.of(), false, false);
    GenerationResult result =
        Collector.run(
            cluster.first().node(), request, event -> show(event, question, state.nodes()));
    say("");
    say("");
    result.usage().stages().forEach(timing -> say(describe(timing, state.nodes())));
    say(
        String.format(
            Locale.ROOT,
            "total  %d prompt tokens at %.0f/s, %d tokens at %.1f/s",
            result.usage().promptTokens(),
            result.usage().prefillTokensPerSecond(),
            result.usage().completionTokens(),
            result.usage().decodeTokensPerSecond()));
  }

  private void show(GenerationEvent event, String question, List<NodeInfo> nodes) {
    if (event instanceof GenerationEvent.Planned planned) {
      show(planned.plan(), nodes);
      say("");
      say("> " + question);
      say("");
    } else if (event instanceof GenerationEvent.Token token) {
      print(token.text());
    } else if (event instanceof GenerationEvent.Finished end) {
      print(end.text());
    }
  }

  private void show(Plan plan, List<NodeInfo> nodes) {
    say(
        "plan   "
            + plan.id()
            + ": "
            + plan.model().id()
            + " in "
            + plan.stages().size()
            + " stages");
    for (Stage stage : plan.stages()) {
      say(
          "       %s has layers %d..%d of %d on %s in %s"
              .formatted(
                  ClusterWatch.name(stage.node(), nodes),
                  stage.first(),
                  stage.last() - 1,
                  plan.layers(),
                  stage.engine(),
                  stage.precision()));
    }
  }

  private static String describe(StageTiming timing, List<NodeInfo> nodes) {
    double ms = timing.compute().toNanos() / 1e6;
    return String.format(
        Locale.ROOT,
        "stage  %s (%s): %d steps, %.0f ms computing, %.2f ms each",
        ClusterWatch.name(timing.stage().node(), nodes),
        timing.stage().engine(),
        timing.steps(),
        ms,
        ms / Math.max(1, timing.steps()));
  }

  /** Where clients can go on asking. */
  public String api() {
    return cluster.first().api();
  }

  private void print(String text) {
    console.out().print(text);
    console.out().flush();
  }

  private void say(String line) {
    console.out().println(line);
  }

  @Override
  public void close() {
    cluster.close();
  }
}
