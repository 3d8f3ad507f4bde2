package dev.brigade.engine.djl;

import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.testkit.engine.InferenceEngineContract;
import java.util.OptionalLong;

/** In f32 on the CPU, the engine computes what Transformers computes. */
class DjlEngineF32Test extends InferenceEngineContract<DjlEngineConfig> {

  @Override
  protected InferenceEngineProvider<DjlEngineConfig> provider() {
    return new DjlEngineProvider();
  }

  @Override
  protected DjlEngineConfig config() {
    return TestConfigs.cpu();
  }

  @Override
  protected OptionalLong nativelyHeld() {
    return OptionalLong.of(((DjlEngine) engine).liveTensors());
  }
}
