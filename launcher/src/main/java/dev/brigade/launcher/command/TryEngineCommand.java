package dev.brigade.launcher.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.launcher.bench.BenchModel;
import dev.brigade.launcher.bench.BenchRun;
import dev.brigade.launcher.bench.BenchSettings;
import dev.brigade.launcher.bench.EngineOutcome;
import dev.brigade.launcher.config.KeyPath;
import dev.brigade.launcher.config.PluginSection;
import dev.brigade.launcher.console.Console;
import dev.brigade.launcher.console.LogLevel;
import dev.brigade.launcher.engine.EngineTrial;
import dev.brigade.launcher.engine.TrialJson;
import dev.brigade.launcher.host.ProcessHost;
import dev.brigade.launcher.plugins.PluginCatalog;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tries one engine and prints what came of it as one line of JSON. */
@Command(
    name = "try-engine",
    hidden = true,
    description = "Tries one engine, in a process that may crash.")
final class TryEngineCommand implements Callable<Integer> {
  /** What {@code auto} takes for a model in bf16, as most are stored. */
  private static final List<Precision> WANTED =
      List.of(Precision.BF16, Precision.F32, Precision.F16);

  /** Some tenths of a second where nothing else runs. */
  private static final BenchSettings SETTINGS = new BenchSettings(32, 8, 1, 3, false);

  private final Console console;
  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(index = "0", paramLabel = "ENGINE")
  private String engine;

  @Option(names = "--model", required = true, paramLabel = "DIR")
  private Path model;

  @Option(names = "--cache", required = true, paramLabel = "DIR")
  private Path cache;

  @Option(names = "--settings", paramLabel = "JSON", defaultValue = "{}")
  private String settings;

  @Option(names = "--plugins", paramLabel = "DIR")
  private List<Path> plugins = List.of();

  TryEngineCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    common.applyLogLevel(LogLevel.QUIET);
    ObjectNode json = new ObjectMapper().readValue(settings, ObjectNode.class);
    PluginSection section = new PluginSection(engine, json, KeyPath.ROOT.key("engine"), "config");
    PluginCatalog catalog = PluginCatalog.scan(plugins, problem -> {});
    try (ProcessHost host = new ProcessHost("trial", Optional.empty(), cache);
        InferenceEngine tried = catalog.engine(section, host)) {
      EngineOutcome outcome =
          new BenchRun(catalog, host, progress -> {}, news -> {})
              .measure(tried, wanted(tried), BenchModel.open("trial", model), SETTINGS);
      console.out().println(TrialJson.of(trial(outcome, tried.library().orElse(""))));
    }
    return BrigadeCommand.done();
  }

  /** Else what the engine itself prefers. */
  private static Precision wanted(InferenceEngine engine) {
    List<Precision> known = engine.profile().precisions();
    return WANTED.stream().filter(known::contains).findFirst().orElse(known.get(0));
  }

  private static EngineTrial trial(EngineOutcome outcome, String library) {
    if (outcome instanceof EngineOutcome.Measured measured) {
      return new EngineTrial.Ran(
          measured.engine(),
          library,
          measured.device(),
          measured.precision().name(),
          measured.own().prefill().tokensPerSecond().median(),
          measured.own().decode().tokensPerSecond().median());
    }
    return new EngineTrial.Failed(outcome.engine(), ((EngineOutcome.Failed) outcome).reason());
  }
}
