package dev.brigade.launcher.command;

import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.config.ConfigException;
import dev.brigade.launcher.config.KeyPath;
import dev.brigade.launcher.config.PluginSection;
import dev.brigade.launcher.console.Console;
import dev.brigade.launcher.engine.AutoEngine;
import dev.brigade.launcher.plugins.PluginCatalog;
import dev.brigade.spi.Host;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which engines compute which layers. */
final class PipelineOptions {
  @Option(
      names = "--engines",
      split = ",",
      paramLabel = "ENGINE",
      description = "One for each stage, or one for all of them; default: the best one here.")
  private List<String> engines = List.of();

  @Option(
      names = "--split",
      split = ",",
      paramLabel = "LAYER",
      description = "Layers before which to cut; even cuts without it.")
  private List<Integer> split = List.of();

  @Option(
      names = "--dtype",
      paramLabel = "D",
      defaultValue = "auto",
      description = "Precision of the weights: f32, bf16, f16 or auto (default: ${DEFAULT-VALUE}).")
  private String dtype;

  List<Integer> cuts() {
    return split;
  }

  Optional<Precision> precision() throws UsageException {
    try {
      return dtype.equals("auto") ? Optional.empty() : Optional.of(Precision.parse(dtype));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--dtype: " + e.getMessage());
    }
  }

  /** One engine for each stage; the caller closes them. Says on stderr if engines are tried. */
  List<InferenceEngine> engines(
      BrigadeConfig config, PluginCatalog plugins, Host host, Console console)
      throws UsageException, ConfigException {
    AutoEngine auto =
        new AutoEngine(plugins, host, news -> console.err().println("brigade: " + news));
    List<InferenceEngine> made = new ArrayList<>();
    try {
      for (String name : names()) {
        made.add(plugins.engine(auto.section(section(name, config)), host));
      }
      return made;
    } catch (ConfigException | RuntimeException e) {
      made.forEach(InferenceEngine::close);
      throw e;
    }
  }

  private List<String> names() throws UsageException {
    int stages = split.size() + 1;
    if (engines.size() < 2) {
      String engine = engines.isEmpty() ? "" : engines.get(0);
      return Collections.nCopies(stages, engine);
    }
    if (!split.isEmpty() && engines.size() != stages) {
      throw new UsageException(
          "--split "
              + split
              + " makes "
              + stages
              + " stages, but --engines names "
              + engines.size()
              + "; name one for each stage, or one for all of them");
    }
    return engines;
  }

  /** The config's engine section if it is this engine's, else one without settings. */
  static PluginSection section(String name, BrigadeConfig config) {
    boolean configured = name.isEmpty() || name.equals(config.engine().type());
    return configured
        ? config.engine()
        : new PluginSection(
            name, config.engine().settings().objectNode(), new KeyPath("engines"), "--engines");
  }
}
