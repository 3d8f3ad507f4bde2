package dev.brigade.engine.onnx;

import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.testkit.engine.InferenceEngineContract;
import java.util.OptionalLong;

/** In f32 on the CPU, the engine computes what Transformers computes. */
class OnnxEngineF32Test extends InferenceEngineContract<OnnxEngineConfig> {

  @Override
  protected InferenceEngineProvider<OnnxEngineConfig> provider() {
    return new OnnxEngineProvider();
  }

  @Override
  protected OnnxEngineConfig config() {
    return TestConfigs.cpu();
  }

  @Override
  protected OptionalLong nativelyHeld() {
    return OptionalLong.of(NativeBlock.heldBytes() + ((OnnxEngine) engine).heldWeights());
  }
}
