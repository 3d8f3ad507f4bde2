package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.TensorBlock;
import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.testkit.engine.InferenceEngineContract;
import java.util.OptionalLong;

/** In f32, the engine computes what Transformers computes. */
class GgmlEngineF32Test extends InferenceEngineContract<GgmlEngineConfig> {

  @Override
  protected InferenceEngineProvider<GgmlEngineConfig> provider() {
    return new GgmlEngineProvider();
  }

  @Override
  protected GgmlEngineConfig config() {
    return TestConfigs.single();
  }

  @Override
  protected OptionalLong nativelyHeld() {
    return OptionalLong.of(TensorBlock.open());
  }
}
