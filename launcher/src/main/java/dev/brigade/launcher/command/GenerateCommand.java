package dev.brigade.launcher.command;

import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.generation.GenerationEvent;
import dev.brigade.cluster.generation.GenerationRequest;
import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.console.Console;
import dev.brigade.launcher.console.LogLevel;
import dev.brigade.launcher.console.ProgressLine;
import dev.brigade.launcher.host.MachineMemory;
import dev.brigade.launcher.host.ProcessHost;
import dev.brigade.launcher.host.UserFolders;
import dev.brigade.launcher.model.LocalModels;
import dev.brigade.launcher.model.ModelLocation;
import dev.brigade.launcher.model.ModelLocations;
import dev.brigade.launcher.model.OpenModel;
import dev.brigade.launcher.pipeline.Collector;
import dev.brigade.launcher.pipeline.GenerationJson;
import dev.brigade.launcher.pipeline.GenerationResult;
import dev.brigade.launcher.pipeline.LocalPipeline;
import dev.brigade.spi.engine.InferenceEngine;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs one request through a pipeline inside this process. */
@Command(
    name = "generate",
    description =
        "Generates with a pipeline inside this process; its stages may be unlike engines.")
final class GenerateCommand implements Callable<Integer> {
  private static final int USUAL_ANSWER_TOKENS = 256;

  private final Console console;
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PipelineOptions pipelineOptions = new PipelineOptions();
  @Mixin private SamplingOptions sampling = new SamplingOptions();
  @Mixin private PromptOptions prompt = new PromptOptions();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR_OR_ID",
      description = "A model's folder, bundled/NAME, or ORG/NAME of a hub.")
  private String model;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description = "Most tokens to generate; default 256, or what the context has room for.")
  private Optional<Integer> maxTokens = Optional.empty();

  @Option(names = "--ignore-eos", description = "Go on past end-of-sequence tokens.")
  private boolean ignoreEos;

  @Option(names = "--logits", description = "With --json: logits of the last prompt position.")
  private boolean logits;

  @Option(names = "--json", description = "Print one object, and nothing else, on stdout.")
  private boolean json;

  GenerateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    common.applyLogLevel(LogLevel.QUIET);
    if (logits && !json) {
      throw new UsageException("--logits is for --json");
    }
    BrigadeConfig config = common.config();
    ModelLocation location = common.find(model, console);
    ModelLocations locations = CommonOptions.locations(config, step -> {});
    try (LocalModels models = new LocalModels(List.of(location), locations);
        ProcessHost host =
            new ProcessHost(
                config.node().cluster(), Optional.empty(), UserFolders.ofThisUser().cache())) {
      OpenModel opened = models.model(location.id());
      List<Integer> promptIds = prompt.ids(opened);
      GenerationRequest request = request(location.id(), promptIds, opened);
      generate(request, config, models, host);
    }
    return BrigadeCommand.done();
  }

  private GenerationRequest request(String id, List<Integer> promptIds, OpenModel opened)
      throws UsageException, RequestException {
    int context = opened.served().shape().contextLimit();
    int room = context - promptIds.size();
    if (maxTokens.orElse(1) > room) {
      throw new RequestException(
          RequestException.Kind.CONTEXT_EXCEEDED,
          String.format(
              "a prompt of %d tokens and an answer of %d are more than the model's context of %d",
              promptIds.size(), maxTokens.orElse(1), context));
    }
    int most = maxTokens.orElse(Math.max(1, Math.min(USUAL_ANSWER_TOKENS, room)));
    try {
      return new GenerationRequest(
          id, promptIds, most, sampling.parameters(), List.of(), ignoreEos, logits);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private void generate(
      GenerationRequest request, BrigadeConfig config, LocalModels models, ProcessHost host)
      throws Exception {
    var plugins =
        CommonOptions.plugins(config, problem -> console.err().println("brigade: " + problem));
    List<InferenceEngine> engines = pipelineOptions.engines(config, plugins, host, console);
    LocalPipeline.Settings settings =
        new LocalPipeline.Settings(
            pipelineOptions.cuts(),
            request.promptIds().size() + request.maxTokens(),
            pipelineOptions.precision(),
            MachineMemory.machine(MachineMemory.budget(config.memory().limit())));
    try (ProgressLine progress = new ProgressLine(console);
        LocalPipeline pipeline =
            LocalPipeline.start(
                settings, engines, models, (shard, done) -> progress.accept(done))) {
      GenerationResult result =
          Collector.run(pipeline.entry(), request, json ? event -> {} : printer(progress));
      if (json) {
        console
            .out()
            .println(
                GenerationJson.of(
                    request.promptIds(), result, pipeline.loads(result.plan()), logits));
      } else {
        console.out().println(result.text().isEmpty() ? result.tokens().toString() : "");
        console.err().println(summary(result));
      }
    }
  }

  /** Shows text as it comes. */
  private Consumer<GenerationEvent> printer(ProgressLine progress) {
    return event -> {
      if (event instanceof GenerationEvent.Prefilled) {
        progress.close();
      } else if (event instanceof GenerationEvent.Token token) {
        console.out().print(token.text());
        console.out().flush();
      } else if (event instanceof GenerationEvent.Finished end) {
        console.out().print(end.text());
      }
    };
  }

  private static String summary(GenerationResult result) {
    return String.format(
        Locale.ROOT,
        "%d stages, %d prompt tokens at %.0f/s, %d tokens at %.1f/s, ended by %s",
        result.plan().stages().size(),
        result.usage().promptTokens(),
        result.usage().prefillTokensPerSecond(),
        result.usage().completionTokens(),
        result.usage().decodeTokensPerSecond(),
        result.reason().name().toLowerCase(Locale.ROOT));
  }
}
