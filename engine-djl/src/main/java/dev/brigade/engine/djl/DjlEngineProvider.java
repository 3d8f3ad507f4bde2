package dev.brigade.engine.djl;

import dev.brigade.spi.Host;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.InferenceEngineProvider;
import java.util.Optional;

/** Makes engines that run on PyTorch, through DJL. */
public final class DjlEngineProvider implements InferenceEngineProvider<DjlEngineConfig> {

  /** For {@link java.util.ServiceLoader}. */
  public DjlEngineProvider() {}

  @Override
  public String name() {
    return "djl";
  }

  @Override
  public Class<DjlEngineConfig> configType() {
    return DjlEngineConfig.class;
  }

  @Override
  public Optional<String> unavailable() {
    return NativeLibrary.problem();
  }

  @Override
  public InferenceEngine create(DjlEngineConfig config, Host host) {
    return new DjlEngine(config, host.logger(DjlEngine.class.getName()));
  }
}
