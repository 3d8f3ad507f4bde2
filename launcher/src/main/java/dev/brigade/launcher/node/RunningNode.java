package dev.brigade.launcher.node;

import dev.brigade.cluster.Deadlines;
import dev.brigade.cluster.LoadListener;
import dev.brigade.cluster.Node;
import dev.brigade.cluster.NodeParts;
import dev.brigade.cluster.NodeSettings;
import dev.brigade.cluster.runtime.ThreadedRuntime;
import dev.brigade.gateway.Gateway;
import dev.brigade.gateway.GatewayConfig;
import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.config.ConfigException;
import dev.brigade.launcher.config.PluginSection;
import dev.brigade.launcher.engine.AutoEngine;
import dev.brigade.launcher.host.MachineMemory;
import dev.brigade.launcher.host.ProcessHost;
import dev.brigade.launcher.model.LocalModels;
import dev.brigade.launcher.model.ModelLocation;
import dev.brigade.launcher.model.ModelLocations;
import dev.brigade.launcher.plugins.PluginCatalog;
import dev.brigade.launcher.secret.SharedSecret;
import dev.brigade.spi.ClusterSecret;
import dev.brigade.spi.discovery.Discovery;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.transport.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A node of this process with all that belongs to it. */
public final class RunningNode implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(RunningNode.class.getName());

  private static final long PATIENCE_SECONDS = 20;

  private final Deque<AutoCloseable> owned = new ArrayDeque<>();
  private final LateService service = new LateService();
  private final LocalModels models;
  private final ModelLocation model;
  private Node node;
  private String api;

  private RunningNode(ModelLocation model, ModelLocations locations) {
    this.model = model;
    models = new LocalModels(List.of(model), locations);
    owned.push(models);
  }

  /**
   * What a node needs beside the config.
   *
   * @param secret of the cluster, a token or a passphrase; without one the node stays on loopback
   * @param cache folder for files that can be made again
   * @param placeModel whether the config's model is placed at start
   * @param loads is told how far shards are loaded here
   */
  public record Surroundings(
      PluginCatalog plugins,
      ModelLocations locations,
      Optional<String> secret,
      Path cache,
      boolean placeModel,
      LoadListener loads) {}

  /**
   * Starts a node: first its API, so that a port in use is told at once, then the rest.
   *
   * @throws Exception ConfigException if the config does not fit, or why a part cannot start; what
   *     had been started is closed then
   */
  public static RunningNode start(BrigadeConfig config, Surroundings surroundings)
      throws Exception {
    ModelLocation model = surroundings.locations().find(config.model().id());
    RunningNode running = new RunningNode(model, surroundings.locations());
    try {
      running.open(config, surroundings);
      return running;
    } catch (Exception e) {
      running.close();
      throw e;
    }
  }

  private void open(BrigadeConfig config, Surroundings surroundings) throws Exception {
    int context = config.model().context().orElse(Integer.MAX_VALUE);
    Gateway gateway =
        await(Gateway.start(gatewayConfig(config), service, id -> models.prompts(id, context)));
    owned.push(() -> await(gateway.close()));
    api = "http://" + hostInUrl(config.api().host()) + ":" + gateway.port();

    Optional<ClusterSecret> secret =
        surroundings.secret().map(text -> SharedSecret.of(text, config.node().cluster()));
    ProcessHost host = new ProcessHost(config.node().cluster(), secret, surroundings.cache());
    owned.push(host);
    String name = config.node().name().orElseGet(MachineMemory::name);
    ThreadedRuntime runtime = new ThreadedRuntime("node");
    owned.push(runtime);
    long memory = MachineMemory.budget(config.memory().limit());
    NodeSettings settings =
        new NodeSettings(
            name,
            MachineMemory.machine(MachineMemory.budget(Optional.empty())),
            memory,
            Optional.of(api),
            surroundings.placeModel() ? Optional.of(model.id()) : Optional.empty(),
            context,
            precision(config),
            config.model().standby() > 0,
            Deadlines.standard());
    node = Node.start(settings, parts(config, surroundings, host, runtime));
    Duration drain = config.node().drain();
    owned.push(() -> await(node.drain(drain), drain.plusSeconds(PATIENCE_SECONDS)));
    if (config.memory().limit().isEmpty()) {
      owned.push(MemoryWatch.start(node, host.timer(), memory));
    }
    service.arrive(node);
  }

  private NodeParts parts(
      BrigadeConfig config, Surroundings surroundings, ProcessHost host, ThreadedRuntime runtime)
      throws ConfigException {
    PluginCatalog plugins = surroundings.plugins();
    var strategy = plugins.partition(config.partition(), host);
    List<Discovery> discoveries = new ArrayList<>();
    for (PluginSection section : config.discovery()) {
      discoveries.add(plugins.discovery(section, host));
    }
    Transport transport = plugins.transport(config.transport(), host);
    PluginSection section =
        new AutoEngine(plugins, host, news -> LOG.log(System.Logger.Level.INFO, news))
            .section(config.engine());
    InferenceEngine engine = plugins.engine(section, host);
    return new NodeParts(
        config.node().cluster(),
        runtime,
        engine,
        transport,
        discoveries,
        strategy,
        models,
        surroundings.loads());
  }

  private static GatewayConfig gatewayConfig(BrigadeConfig config) throws ConfigException {
    try {
      return new GatewayConfig(config.api().host(), config.api().port(), config.api().keys());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(config.engine().file(), e.getMessage());
    }
  }

  private static Optional<Precision> precision(BrigadeConfig config) throws ConfigException {
    String dtype = config.model().dtype();
    try {
      return dtype.equals("auto") ? Optional.empty() : Optional.of(Precision.parse(dtype));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(config.engine().file(), "model.dtype: " + e.getMessage());
    }
  }

  private static String hostInUrl(String host) {
    if (host.equals("0.0.0.0") || host.equals("::")) {
      return MachineMemory.name();
    }
    return host.contains(":") ? "[" + host + "]" : host;
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return await(stage, Duration.ofSeconds(PATIENCE_SECONDS));
  }

  private static <T> T await(CompletionStage<T> stage, Duration patience) throws Exception {
    try {
      return stage.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } catch (TimeoutException e) {
      throw new TimeoutException("no answer within " + patience.toSeconds() + " seconds");
    }
  }

  /** The node. */
  public Node node() {
    return node;
  }

  /** Where its HTTP interface is, without a path. */
  public String api() {
    return api;
  }

  /** The models it can open. */
  public LocalModels models() {
    return models;
  }

  /** The model of the config. */
  public ModelLocation model() {
    return model;
  }

  /** Leaves the cluster and closes everything, the last opened first; waits for it. */
  @Override
  public void close() {
    while (!owned.isEmpty()) {
      try {
        owned.pop().close();
      } catch (Exception e) {
        LOG.log(System.Logger.Level.WARNING, "a part of the node did not close in order", e);
      }
    }
  }
}
