package dev.brigade.launcher.command;

import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.console.Console;
import dev.brigade.launcher.console.LogLevel;
import dev.brigade.launcher.console.ProgressLine;
import dev.brigade.launcher.host.SecretFile;
import dev.brigade.launcher.host.UserFolders;
import dev.brigade.launcher.node.ClusterSecrets;
import dev.brigade.launcher.node.ClusterWatch;
import dev.brigade.launcher.node.RunningNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a node until it is told to stop. */
@Command(
    name = "up",
    description = "A node: joins whoever is there, serves the API until it is stopped.")
final class UpCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--follow",
      hidden = true,
      description = "Stop when stdin ends, and leave placing the model to others.")
  private boolean follow;

  @Option(
      names = "--join",
      paramLabel = "TOKEN",
      description = "The cluster's secret, for this run only; else the config's, and so on.")
  private String join;

  UpCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    common.applyLogLevel(LogLevel.EVENTS);
    BrigadeConfig config = common.config();
    config.log().format().apply();
    UserFolders folders = UserFolders.ofThisUser();
    String secret =
        ClusterSecrets.findOrMake(
            Optional.ofNullable(join),
            config,
            System.getenv(),
            new SecretFile(folders.config()),
            this::say);
    try (ProgressLine progress = new ProgressLine(console)) {
      RunningNode.Surroundings surroundings =
          new RunningNode.Surroundings(
              CommonOptions.plugins(
                  config, problem -> console.err().println("brigade: " + problem)),
              CommonOptions.locations(config, progress),
              Optional.of(secret),
              folders.cache(),
              !follow,
              (shard, done) -> progress.accept(done));
      Stopping stopping = new Stopping();
      RunningNode node = RunningNode.start(config, surroundings);
      stopping.closeAtEnd(node);
      say("node     " + ClusterWatch.describe(node.node().self()));
      say("cluster  " + config.node().cluster());
      say("api      " + node.api() + "/v1");
      node.node().onChange(new ClusterWatch(this::say));
      if (follow) {
        stopping.whenStdinEnds();
      }
      stopping.await();
    }
    return BrigadeCommand.done();
  }

  private void say(String line) {
    console.out().println(line);
  }
}
