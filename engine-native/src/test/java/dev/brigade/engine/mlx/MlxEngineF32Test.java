package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.testkit.engine.InferenceEngineContract;
import java.util.OptionalLong;

/** In f32 on the CPU, the engine computes what Transformers computes. */
@EnabledWithMlx
class MlxEngineF32Test extends InferenceEngineContract<MlxEngineConfig> {

  @Override
  protected InferenceEngineProvider<MlxEngineConfig> provider() {
    return new MlxEngineProvider();
  }

  @Override
  protected MlxEngineConfig config() {
    return TestConfigs.cpu();
  }

  @Override
  protected OptionalLong nativelyHeld() {
    return OptionalLong.of(MlxArray.open());
  }
}
