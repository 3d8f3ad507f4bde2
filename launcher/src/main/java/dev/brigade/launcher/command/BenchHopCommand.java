package dev.brigade.launcher.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.brigade.launcher.bench.HopBench;
import dev.brigade.launcher.bench.HopResult;
import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.config.PluginSection;
import dev.brigade.launcher.console.Console;
import dev.brigade.launcher.console.LogLevel;
import dev.brigade.launcher.host.ProcessHost;
import dev.brigade.launcher.host.UserFolders;
import dev.brigade.launcher.plugins.PluginCatalog;
import dev.brigade.launcher.secret.ClusterToken;
import dev.brigade.launcher.secret.SharedSecret;
import dev.brigade.spi.ClusterSecret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures the transport. */
@Command(
    name = "hop",
    description =
        "Measures round trips through the config's transport between two nodes in this process,"
            + " without a secret and with one.")
final class BenchHopCommand implements Callable<Integer> {
  private static final String CLUSTER = "bench-hop";
  private static final int MOST_BYTES = 64 << 20;

  private final Console console;
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--sizes",
      split = ",",
      paramLabel = "BYTES",
      defaultValue = "8192,1048576",
      description = "Bytes of the messages, each way (default: ${DEFAULT-VALUE}).")
  private List<Integer> sizes = List.of();

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Round trips of each size (default: ${DEFAULT-VALUE}).")
  private int repeats;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON.")
  private Optional<Path> json = Optional.empty();

  BenchHopCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws Exception {
    common.applyLogLevel(LogLevel.QUIET);
    check();
    BrigadeConfig config = common.config();
    PluginCatalog plugins =
        CommonOptions.plugins(config, problem -> console.err().println("brigade: " + problem));
    List<HopResult> results = new ArrayList<>();
    results.addAll(measure(config, plugins, Optional.empty()));
    ClusterSecret secret = SharedSecret.of(ClusterToken.make(), CLUSTER);
    results.addAll(measure(config, plugins, Optional.of(secret)));
    print(results);
    if (json.isPresent()) {
      String text =
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(object(results));
      Files.writeString(json.get(), text + "\n");
    }
    return BrigadeCommand.done();
  }

  private void check() throws UsageException {
    for (int bytes : sizes) {
      if (bytes < 1 || bytes > MOST_BYTES) {
        throw new UsageException("--sizes has " + bytes + ", allowed is 1 to " + MOST_BYTES);
      }
    }
    if (repeats < 1) {
      throw new UsageException("--repeats is " + repeats + ", allowed is 1 or more");
    }
  }

  private List<HopResult> measure(
      BrigadeConfig config, PluginCatalog plugins, Optional<ClusterSecret> secret)
      throws Exception {
    PluginSection section = local(config.transport(), plugins);
    console
        .err()
        .println("measuring " + section.type() + (secret.isPresent() ? " with a secret" : ""));
    try (ProcessHost host = new ProcessHost(CLUSTER, secret, UserFolders.ofThisUser().cache())) {
      return new HopBench(section.type(), secret.isPresent())
          .run(() -> plugins.transport(section, host), sizes, repeats);
    }
  }

  /** Two nodes cannot have one port, nor the address of a node that runs already. */
  private static PluginSection local(PluginSection section, PluginCatalog plugins) {
    ObjectNode settings = section.settings().deepCopy();
    List<String> keys = plugins.transportKeys(section.type());
    if (keys.contains("port")) {
      settings.put("port", 0);
    }
    if (keys.contains("host")) {
      settings.put("host", "127.0.0.1");
    }
    return new PluginSection(section.type(), settings, section.path(), section.file());
  }

  private void print(List<HopResult> results) {
    console
        .out()
        .printf(
            "%-10s %-8s %10s %12s %12s %12s%n",
            "transport", "secret", "bytes", "median ms", "p99 ms", "least ms");
    for (HopResult result : results) {
      console
          .out()
          .println(
              String.format(
                  Locale.ROOT,
                  "%-10s %-8s %10d %12.3f %12.3f %12.3f",
                  result.transport(),
                  result.secured() ? "yes" : "no",
                  result.bytes(),
                  result.medianMillis(),
                  result.mostMillis(),
                  result.leastMillis()));
    }
  }

  private static ObjectNode object(List<HopResult> results) {
    ObjectNode root = new ObjectMapper().createObjectNode().put("bench", "hop");
    ArrayNode list = root.putArray("results");
    for (HopResult result : results) {
      list.addObject()
          .put("transport", result.transport())
          .put("secured", result.secured())
          .put("bytes", result.bytes())
          .put("round_trips", result.count())
          .put("median_ms", result.medianMillis())
          .put("p99_ms", result.mostMillis())
          .put("least_ms", result.leastMillis());
    }
    return root;
  }
}
