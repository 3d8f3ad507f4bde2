package dev.brigade.launcher.engine;

import dev.brigade.launcher.config.ConfigException;
import dev.brigade.launcher.config.PluginSection;
import dev.brigade.launcher.plugins.FoundPlugin;
import dev.brigade.launcher.plugins.PluginCatalog;
import dev.brigade.launcher.plugins.PluginKind;
import dev.brigade.model.bench.NamedShape;
import dev.brigade.model.bench.RandomModel;
import dev.brigade.spi.Host;
import dev.brigade.spi.engine.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Says which engine {@code auto} means: those that can run here are tried once, one after the
 * other, and the outcome is kept in the cache folder as long as machine and engines stay the same.
 */
public final class AutoEngine {
  /** As a config file spells it. */
  public static final String AUTO = "auto";

  private static final System.Logger LOG = System.getLogger(AutoEngine.class.getName());
  private static final Duration DEADLINE = Duration.ofSeconds(40);

  /** After this nothing is tried any more: the machine has other things to do. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private static final int SEED = 1;

  private final PluginCatalog plugins;
  private final Path folder;
  private final Clock clock;
  private final EngineTrials trials;
  private final Consumer<String> news;

  /**
   * @param host for its clock and its cache folder
   * @param news told one line when engines are tried, which takes some seconds
   */
  public AutoEngine(PluginCatalog plugins, Host host, Consumer<String> news) {
    this(
        plugins,
        host.cache().resolve("engines"),
        host.clock(),
        new TrialProcess(plugins.folders()),
        news);
  }

  AutoEngine(
      PluginCatalog plugins, Path folder, Clock clock, EngineTrials trials, Consumer<String> news) {
    this.plugins = plugins;
    this.folder = folder;
    this.clock = clock;
    this.trials = trials;
    this.news = news;
  }

  /**
   * The section with the engine that it means; another type than {@code auto} stays.
   *
   * @throws ConfigException if no engine can run here; says why each cannot
   */
  public PluginSection section(PluginSection section) throws ConfigException {
    if (!section.type().equals(AUTO)) {
      return section;
    }
    EngineChoice choice = choose(section);
    LOG.log(
        System.Logger.Level.INFO,
        "engine {0}, chosen by auto: {1}",
        choice.engine(),
        choice.reason());
    return new PluginSection(choice.engine(), section.settings(), section.path(), section.file());
  }

  /**
   * The engine that {@code auto} means.
   *
   * @throws ConfigException if no engine can run here; says why each cannot
   */
  public EngineChoice choose(PluginSection section) throws ConfigException {
    List<String> engines = plugins.engines();
    if (engines.isEmpty()) {
      throw new ConfigException(
          section.file(), section.path() + ": no engine can run here: " + reasons());
    } else if (engines.size() == 1) {
      return new EngineChoice(engines.get(0), "the only one that can run here");
    }
    List<EngineTrial> outcome = record(section, engines).trials();
    return EngineChoice.of(outcome)
        .orElseGet(
            () -> {
              String figures = EngineChoice.figures(outcome);
              LOG.log(System.Logger.Level.WARNING, "no engine passed its trial: {0}", figures);
              return new EngineChoice(
                  engines.get(0), "the first choice on such a machine, untried (" + figures + ")");
            });
  }

  private String reasons() {
    return plugins.all().stream()
        .filter(plugin -> plugin.kind() == PluginKind.ENGINE)
        .map(AutoEngine::reason)
        .collect(Collectors.joining("; "));
  }

  private static String reason(FoundPlugin engine) {
    return engine.name() + ": " + engine.unavailable().orElse("available");
  }

  /**
   * What trying the engines that can be used came to; tries them unless that is known.
   *
   * @param section whose settings they are tried with
   */
  public List<EngineTrial> trials(PluginSection section) {
    return record(section, plugins.engines()).trials();
  }

  /** The same; tries them anew in any case. */
  public List<EngineTrial> trialsAnew(PluginSection section) {
    TrialMachine machine = TrialMachine.here(plugins, section.settings());
    try {
      Files.deleteIfExists(folder.resolve(machine.digest() + ".json"));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the old trials of engines cannot be deleted: " + e);
    }
    return trials(section);
  }

  /** What trying the one engine that a section names, with its settings, came to. */
  public EngineTrial tried(PluginSection section) {
    return tried(section, List.of(section.type())).get(0);
  }

  private TrialRecord record(PluginSection section, List<String> engines) {
    TrialMachine machine = TrialMachine.here(plugins, section.settings());
    Path file = folder.resolve(machine.digest() + ".json");
    Instant now = clock.instant();
    Optional<TrialRecord> known = TrialRecord.read(file, now);
    if (known.isPresent()) {
      return known.get();
    }
    news.accept("trying the engines " + String.join(", ", engines) + ", once on this machine");
    TrialRecord made = new TrialRecord(now, tried(section, engines));
    try {
      made.write(file, machine);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "the trials of engines cannot be kept: " + e);
    }
    return made;
  }

  private List<EngineTrial> tried(PluginSection section, List<String> engines) {
    List<EngineTrial> outcome = new ArrayList<>();
    Instant end = clock.instant().plus(PATIENCE);
    try {
      Files.createDirectories(folder);
      Path own = Files.createTempDirectory(folder, "model");
      try {
        Path model = new RandomModel(NamedShape.TRIAL, DType.BF16, SEED).in(own, progress -> {});
        for (String engine : engines) {
          outcome.add(
              clock.instant().isAfter(end)
                  ? new EngineTrial.Failed(
                      engine, "not tried: the others took " + PATIENCE.toSeconds() + " seconds")
                  : trials.run(engine, section.settings(), model, DEADLINE));
        }
      } finally {
        delete(own);
      }
    } catch (IOException e) {
      engines.stream()
          .skip(outcome.size())
          .forEach(
              engine ->
                  outcome.add(
                      new EngineTrial.Failed(
                          engine, "there is no model to try it with: " + e.getMessage())));
    }
    return outcome;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
