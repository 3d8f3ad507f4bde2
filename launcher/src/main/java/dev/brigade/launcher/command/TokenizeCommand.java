package dev.brigade.launcher.command;

import dev.brigade.launcher.console.Console;
import dev.brigade.launcher.console.LogLevel;
import dev.brigade.launcher.model.ModelText;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Turns text into ids, or ids into text. */
@Command(name = "tokenize", description = "Encodes a text, or decodes ids.")
final class TokenizeCommand implements Callable<Integer> {
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

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  private static final class Source {
    @Parameters(arity = "0..1", paramLabel = "TEXT", description = "To encode.")
    private Optional<String> text = Optional.empty();

    @Option(names = "--ids", split = ",", paramLabel = "ID", description = "To decode.")
    private List<Integer> ids = List.of();
  }

  @Option(names = "--json", description = "Print one object with text and ids.")
  private boolean json;

  TokenizeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    common.applyLogLevel(LogLevel.QUIET);
    Path folder = common.find(model, console).folder();
    try (ModelText tokenizer = ModelText.required(folder)) {
      boolean encode = source.text.isPresent();
      List<Integer> ids = encode ? tokenizer.encode(source.text.get()) : source.ids;
      String text = encode ? source.text.get() : tokenizer.decode(ids);
      if (json) {
        console.out().println(TextJson.of(text, ids));
      } else {
        String list = ids.stream().map(String::valueOf).collect(Collectors.joining(","));
        console.out().println(encode ? list : text);
      }
    }
    return BrigadeCommand.done();
  }
}
