package dev.brigade.launcher.command;

import dev.brigade.launcher.config.BrigadeConfig;
import dev.brigade.launcher.config.ConfigException;
import dev.brigade.launcher.config.ConfigFile;
import dev.brigade.launcher.console.Console;
import dev.brigade.launcher.console.LogLevel;
import dev.brigade.launcher.console.ProgressLine;
import dev.brigade.launcher.host.Distribution;
import dev.brigade.launcher.host.UserFolders;
import dev.brigade.launcher.model.HubModels;
import dev.brigade.launcher.model.ModelLocation;
import dev.brigade.launcher.model.ModelLocations;
import dev.brigade.launcher.model.ModelNotFoundException;
import dev.brigade.launcher.plugins.PluginCatalog;
import dev.brigade.model.hub.HubEnvironment;
import dev.brigade.spi.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** What every command takes. */
final class CommonOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Config file; else brigade.yaml here, else ~/.config/brigade/brigade.yaml, else none.")
  private Path config;

  @Option(names = "--verbose", description = "Log more, and show stack traces.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  boolean verbose() {
    return verbose;
  }

  /** Sets the log's level for a command that is usually this loud. */
  void applyLogLevel(LogLevel usual) {
    (verbose ? LogLevel.VERBOSE : usual).apply();
  }

  /** The config that holds for this call. */
  BrigadeConfig config() throws ConfigException {
    return new ConfigFile(Path.of(""), UserFolders.ofThisUser().config(), System.getenv())
        .load(Optional.ofNullable(config));
  }

  /** What holds where there is no config file. */
  static BrigadeConfig withoutFile() throws ConfigException {
    Path nowhere = UserFolders.ofThisUser().cache().resolve("no-config");
    return new ConfigFile(nowhere, nowhere, System.getenv()).load(Optional.empty());
  }

  /** The config file that holds for this call, for a person to read. */
  String configName() {
    return new ConfigFile(Path.of(""), UserFolders.ofThisUser().config(), System.getenv())
        .file(Optional.ofNullable(config))
        .map(file -> file.toAbsolutePath().normalize().toString())
        .orElse("none; the built-in defaults hold");
  }

  /** A model, with its config and tokenizer; shows how far the fetching of them is. */
  ModelLocation find(String model, Console console) throws ConfigException, ModelNotFoundException {
    try (ProgressLine progress = new ProgressLine(console)) {
      return locations(config(), progress).find(model);
    }
  }

  /**
   * Where models are looked for.
   *
   * @param progress told how far the fetching of a model's config and tokenizer is
   */
  static ModelLocations locations(BrigadeConfig config, Consumer<Progress> progress) {
    HubEnvironment environment = HubEnvironment.ofThisProcess();
    return new ModelLocations(
        Distribution.home(), new HubModels(config.hub(), environment, progress));
  }

  /** The plugins of the distribution and of the config's folders. */
  static PluginCatalog plugins(BrigadeConfig config, Consumer<String> problems) {
    List<Path> folders = new ArrayList<>();
    Distribution.home()
        .map(home -> home.resolve("plugins"))
        .filter(Files::isDirectory)
        .ifPresent(folders::add);
    folders.addAll(config.plugins());
    return PluginCatalog.scan(folders, problems);
  }
}
