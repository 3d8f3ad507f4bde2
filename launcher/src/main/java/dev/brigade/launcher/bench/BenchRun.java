package dev.brigade.launcher.bench;

import dev.brigade.launcher.config.ConfigException;
import dev.brigade.launcher.config.KeyPath;
import dev.brigade.launcher.config.PluginSection;
import dev.brigade.launcher.plugins.PluginCatalog;
import dev.brigade.launcher.plugins.PluginKind;
import dev.brigade.spi.Host;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Measures engines one after the other, each in the precisions that it has. */
public final class BenchRun {
  /** One for each size of weights; more would measure the same again. */
  private static final List<Precision> USUAL =
      Stream.of("f32", "bf16", "int8", "q8_0", "int4", "q4_0").map(Precision::new).toList();

  private final PluginCatalog plugins;
  private final Host host;
  private final Consumer<Progress> progress;
  private final Consumer<String> news;

  /**
   * @param progress told how far loading and measuring are
   * @param news told one line when something begins
   */
  public BenchRun(
      PluginCatalog plugins, Host host, Consumer<Progress> progress, Consumer<String> news) {
    this.plugins = plugins;
    this.host = host;
    this.progress = progress;
    this.news = news;
  }

  /**
   * Measures.
   *
   * @param sections which engines, and their settings
   * @param wanted which precisions, of those that an engine has; if empty, those that tell engines
   *     apart, or all of an engine that has none of them
   * @throws ConfigException if an engine is not there or its settings do not fit
   */
  public List<EngineOutcome> measure(
      List<PluginSection> sections,
      List<Precision> wanted,
      BenchModel model,
      BenchSettings settings)
      throws ConfigException {
    List<EngineOutcome> outcomes = new ArrayList<>();
    for (PluginSection section : sections) {
      try (InferenceEngine engine = plugins.engine(section, host)) {
        BaselineSource baselines = BaselineSource.of(loader(section.type()), section, host);
        EngineBench bench = new EngineBench(engine, baselines, model, settings, progress);
        for (Precision precision : chosen(engine.profile().precisions(), wanted)) {
          news.accept("measuring %s in %s".formatted(section.type(), precision));
          outcomes.add(bench.run(precision));
        }
      }
    }
    return outcomes;
  }

  private static List<Precision> chosen(List<Precision> all, List<Precision> wanted) {
    List<Precision> chosen =
        all.stream().filter((wanted.isEmpty() ? USUAL : wanted)::contains).toList();
    return chosen.isEmpty() && wanted.isEmpty() ? all : chosen;
  }

  /**
   * Measures one engine in one precision, beside nothing.
   *
   * @param engine the caller's
   */
  public EngineOutcome measure(
      InferenceEngine engine, Precision precision, BenchModel model, BenchSettings settings) {
    PluginSection section = PluginSection.of(engine.profile().engine(), KeyPath.ROOT.key("engine"));
    BaselineSource none = BaselineSource.of(loader(section.type()), section, host);
    return new EngineBench(engine, none, model, settings.alone(), progress).run(precision);
  }

  private ClassLoader loader(String engine) {
    return plugins.all().stream()
        .filter(plugin -> plugin.kind() == PluginKind.ENGINE && plugin.name().equals(engine))
        .flatMap(plugin -> plugin.provider().stream())
        .findFirst()
        .map(provider -> provider.getClass().getClassLoader())
        .orElseGet(BenchRun.class::getClassLoader);
  }
}
