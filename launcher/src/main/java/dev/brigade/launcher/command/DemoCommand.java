package dev.brigade.launcher.command;

import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.console.Console;
import dev.brigade.launcher.console.LogLevel;
import dev.brigade.launcher.demo.Demo;
import dev.brigade.launcher.host.UserFolders;
import dev.brigade.launcher.plugins.PluginCatalog;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows at work, on this machine alone, what Brigade does with several. */
@Command(
    name = "demo",
    description =
        "Three nodes on this machine find each other, share the bundled model, and answer.")
final class DemoCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private CommonOptions common = new CommonOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "PROMPT",
      defaultValue = "Tell me a story about a fox and a lantern.",
      description = "What to ask (default: ${DEFAULT-VALUE}).")
  private String prompt;

  @Option(names = "--once", description = "Stop after the answer.")
  private boolean once;

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    common.applyLogLevel(LogLevel.QUIET);
    BrigadeConfig config = common.config();
    PluginCatalog plugins =
        CommonOptions.plugins(config, problem -> console.err().println("brigade: " + problem));
    try (Demo demo =
        Demo.start(
            console,
            plugins,
            CommonOptions.locations(config, step -> {}),
            UserFolders.ofThisUser().cache())) {
      Stopping stopping = new Stopping();
      if (!once) {
        stopping.closeAtEnd(demo);
      }
      demo.answer(prompt);
      if (!once) {
        console.out().println();
        console.out().println("The API stays up at " + demo.api() + "/v1 until Ctrl-C.");
        stopping.await();
      }
    }
    return BrigadeCommand.done();
  }
}
