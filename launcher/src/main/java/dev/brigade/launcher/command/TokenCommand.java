package dev.brigade.launcher.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.launcher.console.Console;
import dev.brigade.launcher.secret.ClusterToken;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a secret for a cluster. */
@Command(
    name = "token",
    description = {
      "A new random secret for a cluster. Give it to every node:",
      "as node.secret, as BRIGADE_SECRET, or with: brigade up --join TOKEN"
    })
final class TokenCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(names = "--json", description = "Print an object.")
  private boolean json;

  TokenCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    String token = ClusterToken.make();
    ObjectMapper mapper = new ObjectMapper();
    console
        .out()
        .println(
            json
                ? mapper.writeValueAsString(mapper.createObjectNode().put("token", token))
                : token);
    return BrigadeCommand.done();
  }
}
