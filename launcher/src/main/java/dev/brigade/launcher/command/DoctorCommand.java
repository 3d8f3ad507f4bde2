package dev.brigade.launcher.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.config.ConfigException;
import dev.brigade.launcher.console.Console;
import dev.brigade.launcher.console.LogLevel;
import dev.brigade.launcher.doctor.Doctor;
import dev.brigade.launcher.doctor.Examination;
import dev.brigade.launcher.doctor.NodeKnock;
import dev.brigade.launcher.host.ProcessHost;
import dev.brigade.launcher.host.UserFolders;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what this machine has, what is missing, and how to get it. */
@Command(
    name = "doctor",
    description = "What this machine has, what is missing for each engine, how to get it.")
final class DoctorCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  private final Console console;
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(names = "--json", description = "Print one object.")
  private boolean json;

  @Option(names = "--anew", description = "Try the engines again, even if that was done before.")
  private boolean anew;

  DoctorCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    common.applyLogLevel(LogLevel.QUIET);
    Optional<String> mistake = Optional.empty();
    BrigadeConfig config;
    try {
      config = common.config();
    } catch (ConfigException e) {
      mistake = Optional.of(e.getMessage());
      config = CommonOptions.withoutFile();
    }
    UserFolders folders = UserFolders.ofThisUser();
    Examination found;
    try (ProcessHost host =
        new ProcessHost(config.node().cluster(), Optional.empty(), folders.cache())) {
      Doctor doctor =
          new Doctor(
              config,
              common.configName(),
              CommonOptions.plugins(config, problem -> {}),
              CommonOptions.locations(config, progress -> {}),
              host,
              new NodeKnock(config.api().keys().stream().findFirst()));
      found = doctor.examine(mistake, folders, anew, this::say);
    }
    if (json) {
      console.out().println(new ObjectMapper().writeValueAsString(found.json()));
    } else {
      found.lines().forEach(console.out()::println);
    }
    return found.healthy() ? BrigadeCommand.done() : FAILED;
  }

  private void say(String news) {
    console.err().println("brigade: " + news);
  }
}
