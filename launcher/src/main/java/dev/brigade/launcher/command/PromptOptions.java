package dev.brigade.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.brigade.cluster.RequestException;
import dev.brigade.launcher.model.ModelText;
import dev.brigade.launcher.model.OpenModel;
import dev.brigade.model.template.Conversation;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What to begin with: exactly one of a text, token ids, and a conversation. */
final class PromptOptions {
  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  @Option(
      names = "--tools",
      paramLabel = "FILE",
      description = "With --messages: the tools that the model may call, as JSON.")
  private Optional<Path> tools = Optional.empty();

  private static final class Source {
    @Option(
        names = "--prompt",
        paramLabel = "TEXT",
        description = "A text; the tokenizer adds what it adds to any.")
    private Optional<String> prompt = Optional.empty();

    @Option(
        names = "--ids",
        split = ",",
        paramLabel = "ID",
        description = "Token ids, used as they are; no tokenizer is needed.")
    private List<Integer> ids = List.of();

    @Option(
        names = "--messages",
        paramLabel = "FILE",
        description = "A conversation as JSON, written as the model's chat template has it.")
    private Optional<Path> messages = Optional.empty();
  }

  /** The ids that the model begins with. */
  List<Integer> ids(OpenModel model) throws UsageException, RequestException {
    if (tools.isPresent() && source.messages.isEmpty()) {
      throw new UsageException("--tools is for --messages");
    }
    if (source.messages.isPresent()) {
      ModelText text = model.requiredText();
      return text.encodeRendered(
          text.render(conversation(source.messages.get()), Clock.systemDefaultZone()));
    }
    return source.prompt.isPresent()
        ? model.requiredText().encode(source.prompt.get())
        : source.ids;
  }

  private Conversation conversation(Path messages) throws UsageException {
    Conversation conversation = Conversation.of(JsonFile.objects(messages, "messages"));
    List<JsonNode> offered = tools.isPresent() ? JsonFile.objects(tools.get(), "tools") : List.of();
    return tools.isPresent() ? conversation.withTools(offered) : conversation;
  }
}
