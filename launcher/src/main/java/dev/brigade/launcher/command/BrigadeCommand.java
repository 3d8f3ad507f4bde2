package dev.brigade.launcher.command;

import dev.brigade.launcher.config.ConfigException;
import dev.brigade.launcher.console.Console;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command itself, which only has subcommands. */
@Command(
    name = "brigade",
    description = "Joins unlike machines into one cluster that runs one language model.",
    versionProvider = BrigadeCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {"", "First steps: brigade demo"})
public final class BrigadeCommand {
  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int WRONG_USAGE = 2;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  private boolean version;

  private BrigadeCommand() {}

  /**
   * Runs a command.
   *
   * @return 0 if it did what it should, 1 if it failed, 2 if it was called wrongly
   */
  public static int run(Console console, String... arguments) {
    CommandLine line = new CommandLine(new BrigadeCommand());
    line.addSubcommand(new DemoCommand(console));
    line.addSubcommand(new UpCommand(console));
    line.addSubcommand(new RunCommand(console));
    line.addSubcommand(new GenerateCommand(console));
    line.addSubcommand(new PromptCommand(console));
    line.addSubcommand(new TokenizeCommand(console));
    line.addSubcommand(new PlanCommand(console));
    line.addSubcommand(new PluginsCommand(console));
    line.addSubcommand(new DoctorCommand(console));
    line.addSubcommand(new TokenCommand(console));
    line.addSubcommand(
        new CommandLine(new BenchCommand())
            .addSubcommand(new BenchEngineCommand(console))
            .addSubcommand(new BenchHopCommand(console)));
    line.addSubcommand(new TryEngineCommand(console));
    line.addSubcommand(new WarmUpCommand(console));
    line.setOut(new PrintWriter(console.out(), true));
    line.setErr(new PrintWriter(console.err(), true));
    line.setExpandAtFiles(false);
    boolean verbose = Arrays.asList(arguments).contains("--verbose");
    line.setExecutionExceptionHandler((e, command, parsed) -> failed(console, e, verbose));
    line.setParameterExceptionHandler(
        (e, rest) -> misused(console, e.getMessage(), e.getCommandLine()));
    if (arguments.length == 0) {
      line.usage(console.err());
      return WRONG_USAGE;
    }
    return line.execute(arguments);
  }

  private static int misused(Console console, String message, CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    console.err().println("brigade: " + message + "; see: " + name + " --help");
    return WRONG_USAGE;
  }

  private static int failed(Console console, Exception error, boolean verbose) {
    console.err().println("brigade: " + Explanation.of(error));
    if (verbose) {
      error.printStackTrace(console.err());
    }
    boolean usersMistake = error instanceof ConfigException || error instanceof UsageException;
    return usersMistake ? WRONG_USAGE : FAILED;
  }

  static int done() {
    return DONE;
  }

  /** Tells the version that the jar states. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version =
          Optional.ofNullable(BrigadeCommand.class.getPackage().getImplementationVersion())
              .orElse("(built from sources)");
      return new String[] {
        "brigade " + version, "java " + System.getProperty("java.runtime.version")
      };
    }
  }
}
