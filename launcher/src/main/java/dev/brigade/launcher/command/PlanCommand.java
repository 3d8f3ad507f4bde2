package dev.brigade.launcher.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.brigade.cluster.ServedModel;
import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.config.KeyPath;
import dev.brigade.launcher.config.PluginSection;
import dev.brigade.launcher.console.Console;
import dev.brigade.launcher.console.LogLevel;
import dev.brigade.launcher.engine.AutoEngine;
import dev.brigade.launcher.host.MachineMemory;
import dev.brigade.launcher.host.ProcessHost;
import dev.brigade.launcher.host.UserFolders;
import dev.brigade.launcher.model.ModelLocation;
import dev.brigade.launcher.plan.ClusterFile;
import dev.brigade.launcher.plan.PlanNodes;
import dev.brigade.launcher.plan.PlanReport;
import dev.brigade.launcher.plan.PlanTable;
import dev.brigade.launcher.plan.RunningCluster;
import dev.brigade.launcher.plugins.PluginCatalog;
import dev.brigade.model.ModelFiles;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.ModelShape;
import dev.brigade.spi.partition.PartitionStrategy;
import dev.brigade.spi.partition.PlanRequest;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.NodeState;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows which node would hold what of a model, and why. Loads nothing. */
@Command(
    name = "plan",
    description = "What would go where and why, with predicted times; needs only the config.")
final class PlanCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
  private static final int REFUSED = 1;

  private final Console console;
  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model's id or folder.")
  private String model;

  @Option(
      names = "--cluster",
      paramLabel = "FILE",
      description =
          "Nodes to plan for, as YAML or JSON; else those of the node that runs here, else this"
              + " machine alone.")
  private Optional<Path> cluster = Optional.empty();

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      description = "cost, ring-memory-weighted or your own; default: the config's.")
  private Optional<String> strategy = Optional.empty();

  @Option(
      names = "--context",
      paramLabel = "N",
      description = "Tokens of one sequence; default: the config's, else what the model allows.")
  private Optional<Integer> context = Optional.empty();

  @Option(
      names = "--goal",
      paramLabel = "latency|throughput",
      description = "One stream as fast as possible (default), or most tokens over all streams.")
  private String goal = "latency";

  @Option(names = "--json", description = "Print one object.")
  private boolean json;

  PlanCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    common.applyLogLevel(LogLevel.QUIET);
    BrigadeConfig config = common.config();
    Demand.Goal wanted = goal();
    PlanReport report;
    try (ProcessHost host =
        new ProcessHost(
            config.node().cluster(), Optional.empty(), UserFolders.ofThisUser().cache())) {
      PluginCatalog plugins =
          CommonOptions.plugins(config, problem -> console.err().println("brigade: " + problem));
      PluginSection section =
          strategy
              .filter(name -> !name.equals(config.partition().type()))
              .map(name -> PluginSection.of(name, KeyPath.ROOT.key("partition")))
              .orElse(config.partition());
      PartitionStrategy planner = plugins.partition(section, host);
      PlanNodes nodes = nodes(config, plugins, host);
      PlanRequest request = request(config, wanted, nodes);
      report = PlanReport.of(request, planner.plan(request), section.type(), nodes.source());
    }
    if (json) {
      console.out().println(JSON.writeValueAsString(report));
    } else {
      PlanTable.of(report).forEach(console.out()::println);
    }
    return report.plan() == null ? REFUSED : BrigadeCommand.done();
  }

  private Demand.Goal goal() throws UsageException {
    try {
      return Demand.Goal.valueOf(goal.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--goal is '" + goal + "', want latency or throughput");
    }
  }

  private PlanRequest request(BrigadeConfig config, Demand.Goal wanted, PlanNodes nodes)
      throws Exception {
    if (context.filter(tokens -> tokens < 1).isPresent()) {
      throw new UsageException("--context is " + context.get() + ", at least 1 is needed");
    }
    ModelLocation location = common.find(model, console);
    try (ModelFiles files = ModelFiles.open(location.folder())) {
      // Weights need not be here, so what names their files is not looked at.
      String fingerprint = location.hub().map(hub -> hub.fingerprint()).orElse("00000000");
      ModelShape shape = files.shape(new ModelRef(location.id(), fingerprint));
      int tokens =
          Math.min(
              shape.contextLimit(),
              context.or(() -> config.model().context()).orElse(Integer.MAX_VALUE));
      String dtype = config.model().dtype();
      Optional<Precision> asked =
          dtype.equals("auto") ? Optional.empty() : Optional.of(Precision.parse(dtype));
      List<Precision> precisions =
          ServedModel.precisions(ServedModel.stored(files.config()), asked);
      Demand demand = new Demand(tokens, 1, precisions, wanted);
      return new PlanRequest(shape, nodes.nodes(), nodes.links(), demand, List.of());
    }
  }

  private PlanNodes nodes(BrigadeConfig config, PluginCatalog plugins, ProcessHost host)
      throws Exception {
    if (cluster.isPresent()) {
      return ClusterFile.read(cluster.get());
    }
    Optional<PlanNodes> running = Optional.empty();
    if (config.api().port() != 0) {
      String api = "http://" + config.api().host() + ":" + config.api().port();
      running = RunningCluster.find(api, config.api().keys().stream().findFirst());
    }
    return running.isPresent() ? running.get() : thisMachine(config, plugins, host);
  }

  private PlanNodes thisMachine(BrigadeConfig config, PluginCatalog plugins, ProcessHost host)
      throws Exception {
    String name = config.node().name().orElseGet(MachineMemory::name);
    AutoEngine auto =
        new AutoEngine(plugins, host, news -> console.err().println("brigade: " + news));
    try (InferenceEngine engine = plugins.engine(auto.section(config.engine()), host)) {
      NodeInfo self =
          new NodeInfo(
              new NodeId(name),
              name,
              MachineMemory.machine(MachineMemory.budget(Optional.empty())),
              new Endpoint("127.0.0.1", 1),
              Optional.empty(),
              engine.profile(),
              MachineMemory.budget(config.memory().limit()),
              List.of(),
              NodeState.UP);
      return new PlanNodes("this machine", List.of(self), List.of());
    }
  }
}
