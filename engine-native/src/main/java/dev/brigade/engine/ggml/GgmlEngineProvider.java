package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.GgmlRuntime;
import dev.brigade.engine.ggml.binding.LibrarySource;
import dev.brigade.spi.Host;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.InferenceEngineProvider;
import java.util.Optional;

/** Makes engines that run on ggml. */
public final class GgmlEngineProvider implements InferenceEngineProvider<GgmlEngineConfig> {

  /** For {@link java.util.ServiceLoader}. */
  public GgmlEngineProvider() {}

  @Override
  public String name() {
    return "ggml";
  }

  @Override
  public Class<GgmlEngineConfig> configType() {
    return GgmlEngineConfig.class;
  }

  @Override
  public Optional<String> unavailable() {
    return LibrarySource.problem(Optional.empty());
  }

  @Override
  public Optional<String> unavailable(GgmlEngineConfig config) {
    return LibrarySource.problem(config.library());
  }

  @Override
  public InferenceEngine create(GgmlEngineConfig config, Host host) {
    GgmlRuntime runtime = GgmlRuntime.open(LibrarySource.find(config.library(), host.cache()));
    return new GgmlEngine(runtime, config, host);
  }
}
