package dev.brigade.engine.mlx.bench;

import dev.brigade.engine.mlx.MlxArrays;
import dev.brigade.engine.mlx.MlxEngineConfig;
import dev.brigade.model.ModelFiles;
import dev.brigade.model.bench.Baseline;
import dev.brigade.model.bench.BaselineProvider;
import dev.brigade.model.bench.BaselineWork;
import dev.brigade.model.bench.PlainLlama;
import dev.brigade.spi.Host;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import java.util.function.Consumer;

/** Makes Llamas of bare MLX. */
public final class BareLlamaProvider implements BaselineProvider<MlxEngineConfig> {

  /** For {@link java.util.ServiceLoader}. */
  public BareLlamaProvider() {}

  @Override
  public String engine() {
    return "mlx";
  }

  @Override
  public String description() {
    return "the same graph in bare MLX";
  }

  @Override
  public Class<MlxEngineConfig> configType() {
    return MlxEngineConfig.class;
  }

  @Override
  public Baseline start(
      MlxEngineConfig config, Host host, BaselineWork work, Consumer<Progress> progress)
      throws EngineException {
    try (ModelFiles files = ModelFiles.open(work.model())) {
      PlainLlama sizes = PlainLlama.of(files);
      MlxArrays arrays = MlxArrays.of(config, work.precision());
      LlamaArrays weights = new LlamaArrays(sizes, arrays);
      try {
        weights.load(files.checkpoint(), progress);
        return BareLlama.start(sizes, arrays, weights, work.capacity());
      } catch (EngineException | RuntimeException e) {
        weights.close();
        throw e;
      }
    }
  }
}
