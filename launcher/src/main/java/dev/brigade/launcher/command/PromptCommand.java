package dev.brigade.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.brigade.launcher.console.Console;
import dev.brigade.launcher.console.LogLevel;
import dev.brigade.launcher.model.ModelText;
import dev.brigade.model.template.Conversation;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a conversation becomes. */
@Command(name = "prompt", description = "What chat template and tokenizer make of a conversation.")
final class PromptCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR_OR_ID",
      description =
          "A model's folder, bundled/NAME, or ORG/NAME of a hub; only the tokenizer's files are"
              + " needed.")
  private String model;

  @Option(
      names = "--messages",
      required = true,
      paramLabel = "FILE",
      description = "A conversation as JSON.")
  private Path messages;

  @Option(names = "--tools", paramLabel = "FILE", description = "Tools as JSON.")
  private Optional<Path> tools = Optional.empty();

  @Option(
      names = "--no-generation-prompt",
      description = "Do not open the assistant's turn at the end.")
  private boolean noGenerationPrompt;

  @Option(
      names = "--kwargs",
      paramLabel = "JSON",
      description = "Further variables for the template.")
  private Optional<String> kwargs = Optional.empty();

  @Option(
      names = "--now",
      paramLabel = "TIME",
      description = "The time that the template sees, such as 2026-11-24T12:00; default: now.")
  private Optional<String> now = Optional.empty();

  @Option(names = "--json", description = "Print one object with text and ids.")
  private boolean json;

  PromptCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    common.applyLogLevel(LogLevel.QUIET);
    Clock clock = now.isPresent() ? PointInTime.clock(now.get()) : Clock.systemDefaultZone();
    Conversation conversation = conversation();
    Path folder = common.find(model, console).folder();
    try (ModelText text = ModelText.required(folder)) {
      String rendered = text.render(conversation, clock);
      List<Integer> ids = text.encodeRendered(rendered);
      console.out().println(json ? TextJson.of(rendered, ids) : rendered + "\n" + ids);
    }
    return BrigadeCommand.done();
  }

  private Conversation conversation() throws UsageException {
    Optional<List<JsonNode>> offered =
        tools.isPresent() ? Optional.of(JsonFile.objects(tools.get(), "tools")) : Optional.empty();
    Map<String, JsonNode> variables =
        kwargs.isPresent() ? JsonFile.object(kwargs.get(), "--kwargs") : Map.of();
    return new Conversation(
        JsonFile.objects(messages, "messages"),
        offered,
        Optional.empty(),
        !noGenerationPrompt,
        variables);
  }
}
