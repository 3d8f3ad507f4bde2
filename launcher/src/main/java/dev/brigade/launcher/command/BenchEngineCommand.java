package dev.brigade.launcher.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.launcher.bench.BenchJson;
import dev.brigade.launcher.bench.BenchMachine;
import dev.brigade.launcher.bench.BenchModel;
import dev.brigade.launcher.bench.BenchPage;
import dev.brigade.launcher.bench.BenchReport;
import dev.brigade.launcher.bench.BenchRun;
import dev.brigade.launcher.bench.BenchSettings;
import dev.brigade.launcher.bench.BenchTable;
import dev.brigade.launcher.bench.EngineOutcome;
import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.config.PluginSection;
import dev.brigade.launcher.console.Console;
import dev.brigade.launcher.console.LogLevel;
import dev.brigade.launcher.console.ProgressLine;
import dev.brigade.launcher.host.ProcessHost;
import dev.brigade.launcher.host.UserFolders;
import dev.brigade.launcher.plugins.PluginCatalog;
import dev.brigade.spi.engine.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures engines, each beside the same work done by hand in its native library. */
@Command(
    name = "engine",
    description =
        "Measures prefill, decoding and several sequences at once, engine by engine, beside the"
            + " same work done by hand in the engine's native library.")
final class BenchEngineCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final String THREADS = "threads";

  private final Console console;
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private BenchModelOptions modelOptions = new BenchModelOptions();

  @Option(
      names = "--engines",
      split = ",",
      paramLabel = "ENGINE",
      description = "Default: all that can run here.")
  private List<String> engines = List.of();

  @Option(
      names = "--precisions",
      split = ",",
      paramLabel = "P",
      description = "Default: f32, bf16, int8, q8_0, int4, q4_0, those that an engine has.")
  private List<String> precisions = List.of();

  @Option(
      names = "--prefill",
      paramLabel = "N",
      defaultValue = "512",
      description = "Tokens of the prompt (default: ${DEFAULT-VALUE}).")
  private int prefill;

  @Option(
      names = "--decode",
      paramLabel = "N",
      defaultValue = "64",
      description = "Tokens after it (default: ${DEFAULT-VALUE}).")
  private int decode;

  @Option(
      names = "--sequences",
      paramLabel = "N",
      defaultValue = "8",
      description = "How many run together; 1 leaves that out (default: ${DEFAULT-VALUE}).")
  private int sequences;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds after one to warm up (default: ${DEFAULT-VALUE}).")
  private int repeats;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of every engine that knows such a setting.")
  private Optional<Integer> threads = Optional.empty();

  @Option(names = "--no-baseline", description = "Measure the engines alone.")
  private boolean noBaseline;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON.")
  private Optional<Path> json = Optional.empty();

  @Option(names = "--html", paramLabel = "FILE", description = "Write it as a page with plots.")
  private Optional<Path> html = Optional.empty();

  BenchEngineCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    common.applyLogLevel(LogLevel.QUIET);
    BenchSettings settings = settings();
    List<Precision> wanted = wanted();
    BrigadeConfig config = common.config();
    PluginCatalog plugins =
        CommonOptions.plugins(config, problem -> console.err().println("brigade: " + problem));
    List<PluginSection> sections = new ArrayList<>();
    for (String engine : engines.isEmpty() ? plugins.engines() : engines) {
      sections.add(withThreads(PipelineOptions.section(engine, config), plugins));
    }
    Path cache = UserFolders.ofThisUser().cache();
    BenchReport report;
    try (ProgressLine progress = new ProgressLine(console);
        ProcessHost host = new ProcessHost(config.node().cluster(), Optional.empty(), cache)) {
      Instant time = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      BenchModel model = modelOptions.model(config, cache, progress);
      requireRoom(settings, model);
      List<EngineOutcome> outcomes =
          new BenchRun(plugins, host, progress, console.err()::println)
              .measure(sections, wanted, model, settings);
      if (outcomes.isEmpty()) {
        throw new UsageException("--precisions: none of the engines has any of " + wanted);
      }
      report =
          new BenchReport(
              time, BenchMachine.here(), modelOptions.name(), model, settings, outcomes);
    }
    BenchTable.of(report).forEach(console.out()::println);
    write(report);
    return report.failed().isEmpty() ? BrigadeCommand.done() : FAILED;
  }

  private PluginSection withThreads(PluginSection section, PluginCatalog plugins) {
    if (threads.isEmpty() || !plugins.engineKeys(section.type()).contains(THREADS)) {
      return section;
    }
    return new PluginSection(
        section.type(),
        section.settings().deepCopy().put(THREADS, threads.get()),
        section.path(),
        section.file());
  }

  private BenchSettings settings() throws UsageException {
    try {
      return new BenchSettings(prefill, decode, sequences, repeats, !noBaseline);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private List<Precision> wanted() throws UsageException {
    try {
      return precisions.stream().map(Precision::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new UsageException("--precisions: " + e.getMessage());
    }
  }

  private static void requireRoom(BenchSettings settings, BenchModel model) throws UsageException {
    if (settings.prefill() + settings.decode() > model.context()) {
      throw new UsageException(
          "--prefill %d and --decode %d are more than the model's context of %d"
              .formatted(settings.prefill(), settings.decode(), model.context()));
    }
  }

  private void write(BenchReport report) throws IOException {
    if (json.isPresent()) {
      String text =
          new ObjectMapper()
              .writerWithDefaultPrettyPrinter()
              .writeValueAsString(BenchJson.of(report));
      Files.writeString(json.get(), text + "\n");
    }
    if (html.isPresent()) {
      Files.writeString(html.get(), BenchPage.of(report));
    }
  }
}
