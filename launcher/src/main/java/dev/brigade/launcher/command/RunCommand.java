package dev.brigade.launcher.command;

import dev.brigade.launcher.chat.ApiConversing;
import dev.brigade.launcher.chat.Conversing;
import dev.brigade.launcher.chat.Dialogue;
import dev.brigade.launcher.chat.PrivateConversing;
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
import dev.brigade.launcher.pipeline.LocalPipeline;
import dev.brigade.spi.engine.InferenceEngine;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Talks with a model. */
@Command(
    name = "run",
    description =
        "Answers a prompt, or chats: through the node that runs on this machine, or without one.")
final class RunCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private CommonOptions common = new CommonOptions();
  @Mixin private PipelineOptions pipelineOptions = new PipelineOptions();

  @Parameters(index = "0", paramLabel = "MODEL", description = "A model's id or folder.")
  private String model;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "PROMPT",
      description = "What to say; without it, each line of stdin in turn, until /exit.")
  private Optional<String> prompt = Optional.empty();

  RunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    common.applyLogLevel(LogLevel.QUIET);
    BrigadeConfig config = common.config();
    String api = "http://" + config.api().host() + ":" + config.api().port();
    Optional<String> key = config.api().keys().stream().findFirst();
    Optional<Conversing> node =
        config.api().port() == 0 ? Optional.empty() : ApiConversing.find(api, key, model);
    if (node.isPresent()) {
      try (Conversing other = node.get()) {
        converse(other);
      }
    } else {
      withoutNode(config);
    }
    return BrigadeCommand.done();
  }

  private void withoutNode(BrigadeConfig config) throws Exception {
    ModelLocation location = common.find(model, console);
    ModelLocations locations = CommonOptions.locations(config, step -> {});
    try (LocalModels models = new LocalModels(List.of(location), locations);
        ProcessHost host =
            new ProcessHost(
                config.node().cluster(), Optional.empty(), UserFolders.ofThisUser().cache());
        ProgressLine progress = new ProgressLine(console)) {
      var plugins =
          CommonOptions.plugins(config, problem -> console.err().println("brigade: " + problem));
      List<InferenceEngine> engines = pipelineOptions.engines(config, plugins, host, console);
      LocalPipeline.Settings settings =
          new LocalPipeline.Settings(
              pipelineOptions.cuts(),
              config.model().context().orElse(Integer.MAX_VALUE),
              pipelineOptions.precision(),
              MachineMemory.machine(MachineMemory.budget(config.memory().limit())));
      LocalPipeline pipeline =
          LocalPipeline.start(settings, engines, models, (shard, done) -> progress.accept(done));
      try (Conversing other = new PrivateConversing(pipeline, models, location.id())) {
        converse(other);
      }
    }
  }

  private void converse(Conversing other) throws Exception {
    Dialogue dialogue = new Dialogue(console, other);
    if (prompt.isPresent()) {
      dialogue.say(prompt.get());
    } else {
      // As the terminal has it, which need not be UTF-8.
      dialogue.converse(
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())));
    }
  }
}
