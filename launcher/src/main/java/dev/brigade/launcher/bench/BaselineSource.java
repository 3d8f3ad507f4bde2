package dev.brigade.launcher.bench;

import dev.brigade.launcher.config.ConfigException;
import dev.brigade.launcher.config.PluginSection;
import dev.brigade.launcher.console.ProgressLine;
import dev.brigade.model.bench.Baseline;
import dev.brigade.model.bench.BaselineProvider;
import dev.brigade.model.bench.BaselineWork;
import dev.brigade.model.engine.HostResources;
import dev.brigade.spi.Host;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Precision;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** Where the baselines of one engine come from: its plugin, if that brings one. */
final class BaselineSource {
  private final Optional<BaselineProvider<?>> provider;
  private final PluginSection section;
  private final Host host;
  private final String missing;

  private BaselineSource(
      Optional<BaselineProvider<?>> provider, PluginSection section, Host host, String missing) {
    this.provider = provider;
    this.section = section;
    this.host = host;
    this.missing = missing;
  }

  /**
   * What there is for an engine.
   *
   * @param loader the class loader of the engine's provider
   * @param section the engine's settings, which are the baseline's too
   */
  static BaselineSource of(ClassLoader loader, PluginSection section, Host host) {
    try {
      for (BaselineProvider<?> found : ServiceLoader.load(BaselineProvider.class, loader)) {
        if (found.engine().equals(section.type())) {
          return new BaselineSource(Optional.of(found), section, host, "");
        }
      }
      return new BaselineSource(
          Optional.empty(), section, host, "the engine's plugin brings no baseline");
    } catch (java.util.ServiceConfigurationError | LinkageError e) {
      return new BaselineSource(
          Optional.empty(), section, host, "the plugin's baseline is broken: " + Reason.of(e));
    }
  }

  /**
   * A baseline, or why there is none.
   *
   * @param baseline closed with this
   */
  record Found(Optional<Baseline> baseline, String description, Optional<String> reason)
      implements AutoCloseable {
    private static Found none(String reason) {
      return new Found(Optional.empty(), "", Optional.of(reason));
    }

    @Override
    public void close() {
      baseline.ifPresent(Baseline::close);
    }
  }

  /**
   * Starts it beside the loaded engine.
   *
   * @param weightBytes that the engine holds; the baseline takes about as much
   */
  Found start(
      Precision precision,
      BenchModel model,
      BenchSettings settings,
      long weightBytes,
      Consumer<Progress> progress) {
    if (!settings.baseline()) {
      return new Found(Optional.empty(), "", Optional.empty());
    }
    if (provider.isEmpty()) {
      return Found.none(missing);
    }
    long free = HostResources.availableMemory();
    if (weightBytes > free) {
      return Found.none(
          "it takes the weights once more, %s, and %s are free"
              .formatted(ProgressLine.bytes(weightBytes), ProgressLine.bytes(free)));
    }
    BaselineWork work =
        new BaselineWork(model.path(), precision, settings.capacity(), settings.prefill());
    try {
      Baseline baseline = start(provider.get(), work, progress);
      return new Found(Optional.of(baseline), provider.get().description(), Optional.empty());
    } catch (EngineException | ConfigException | RuntimeException | LinkageError e) {
      return Found.none(Reason.of(e));
    }
  }

  private <C extends Record> Baseline start(
      BaselineProvider<C> provider, BaselineWork work, Consumer<Progress> progress)
      throws EngineException, ConfigException {
    return provider.start(section.bind(provider.configType()), host, work, progress);
  }
}
