package dev.brigade.launcher.command;

import dev.brigade.launcher.model.OpenModel;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What to begin with: exactly one of a text, token ids, and a conversation. */
final class PromptOptions {
  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  private static final class Source {
    @Option(
        names = "--ids",
        split = ",",
        paramLabel = "ID",
        description = "Token ids, used as they are; no tokenizer is needed.")
    private List<Integer> ids = List.of();
  }

  /** The ids that the model begins with. */
  List<Integer> ids(OpenModel model) throws UsageException {
    return source.ids;
  }
}
