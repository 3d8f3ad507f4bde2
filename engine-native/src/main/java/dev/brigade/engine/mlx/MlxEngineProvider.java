package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Mlx;
import dev.brigade.engine.mlx.binding.MlxLibrary;
import dev.brigade.spi.Host;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.InferenceEngineProvider;
import java.util.Optional;

/** Makes engines that run on MLX, through its C library. */
public final class MlxEngineProvider implements InferenceEngineProvider<MlxEngineConfig> {

  /** For {@link java.util.ServiceLoader}. */
  public MlxEngineProvider() {}

  @Override
  public String name() {
    return "mlx";
  }

  @Override
  public Class<MlxEngineConfig> configType() {
    return MlxEngineConfig.class;
  }

  @Override
  public Optional<String> unavailable() {
    return MlxLibrary.problem(Optional.empty());
  }

  @Override
  public Optional<String> unavailable(MlxEngineConfig config) {
    return MlxLibrary.problem(config.library());
  }

  @Override
  public InferenceEngine create(MlxEngineConfig config, Host host) {
    unavailable(config)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException(problem);
            });
    Mlx mlx = Mlx.load(MlxLibrary.find(config.library()).orElseThrow());
    return new MlxEngine(mlx, config, host.logger(MlxEngine.class.getName()));
  }
}
