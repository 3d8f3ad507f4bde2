package dev.brigade.launcher.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.launcher.console.Console;
import dev.brigade.launcher.console.LogLevel;
import dev.brigade.launcher.plugins.FoundPlugin;
import dev.brigade.launcher.plugins.PluginCatalog;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the plugins that there are. */
@Command(
    name = "plugins",
    description = "Every plugin found, and whether it can be used here or why not.")
final class PluginsCommand implements Callable<Integer> {
  private final Console console;
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(names = "--json", description = "Print a list of objects.")
  private boolean json;

  PluginsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    common.applyLogLevel(LogLevel.QUIET);
    PluginCatalog catalog =
        CommonOptions.plugins(
            common.config(), problem -> console.err().println("brigade: " + problem));
    if (json) {
      ObjectMapper mapper = new ObjectMapper();
      ArrayNode list = mapper.createArrayNode();
      catalog.all().forEach(plugin -> list.add(object(mapper, plugin)));
      console.out().println(mapper.writeValueAsString(list));
    } else {
      catalog.all().forEach(plugin -> console.out().println(line(plugin)));
    }
    return BrigadeCommand.done();
  }

  private static ObjectNode object(ObjectMapper mapper, FoundPlugin plugin) {
    return mapper
        .createObjectNode()
        .put("kind", plugin.kind().toString())
        .put("name", plugin.name())
        .put("version", plugin.version().orElse(null))
        .put("jar", plugin.source().map(Path::toString).orElse(null))
        .put("available", plugin.available())
        .put("reason", plugin.unavailable().orElse(null));
  }

  private static String line(FoundPlugin plugin) {
    String place =
        plugin.source().map(Path::getFileName).map(Path::toString).orElse("on the class path");
    return String.format(
        "%-10s %-22s %-16s %-40s %s",
        plugin.kind(),
        plugin.name(),
        plugin.version().orElse("-"),
        place,
        plugin.unavailable().map(reason -> "not available: " + reason).orElse("available"));
  }
}
