package dev.brigade.launcher.command;

import dev.brigade.launcher.chat.ApiConversing;
import dev.brigade.launcher.chat.Conversing;
import dev.brigade.launcher.chat.Dialogue;
import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.config.ConfigFile;
import dev.brigade.launcher.console.Console;
import dev.brigade.launcher.engine.AutoEngine;
import dev.brigade.launcher.host.UserFolders;
import dev.brigade.launcher.node.RunningNode;
import dev.brigade.launcher.plugins.PluginCatalog;
import dev.brigade.launcher.secret.ClusterToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Does a little of everything, while Java notes which classes that takes: later starts get them
 * from an archive.
 */
@Command(name = "warm-up", hidden = true, description = "Does a little of everything.")
final class WarmUpCommand implements Callable<Integer> {
  private static final String CONFIG =
      """
      node: { name: warm-up, cluster: warm-up }
      engine: { type: %s }
      transport: { type: vertx, port: 0 }
      discovery: []
      api: { port: 0 }
      """;

  private final Console console;

  WarmUpCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("brigade-warm-up");
    PluginCatalog plugins =
        CommonOptions.plugins(CommonOptions.withoutFile(), console.err()::println);
    // Named, so that engines are not tried while a distribution is built.
    String engine = plugins.engines().stream().findFirst().orElse(AutoEngine.AUTO);
    Path file = Files.writeString(folder.resolve("brigade.yaml"), CONFIG.formatted(engine));
    try {
      BrigadeConfig config = new ConfigFile(folder, folder, Map.of()).load(Optional.of(file));
      RunningNode.Surroundings surroundings =
          new RunningNode.Surroundings(
              plugins,
              CommonOptions.locations(config, step -> {}),
              Optional.of(ClusterToken.make()),
              UserFolders.ofThisUser().cache(),
              true,
              (shard, progress) -> {});
      try (RunningNode node = RunningNode.start(config, surroundings)) {
        Optional<Conversing> other =
            ApiConversing.find(node.api(), Optional.empty(), config.model().id());
        new Dialogue(console, other.orElseThrow()).say("Hello!");
      }
      return BrigadeCommand.done();
    } finally {
      Files.delete(file);
      Files.delete(folder);
    }
  }
}
