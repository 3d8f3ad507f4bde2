package dev.brigade.engine.onnx;

import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.engine.Fidelity;
import dev.brigade.testkit.engine.InferenceEngineContract;
import dev.brigade.testkit.golden.GoldenModel;
import java.util.List;

/** In int8, weights and activations are rounded to blocks of 8 bits. */
class OnnxEngineInt8Test extends InferenceEngineContract<OnnxEngineConfig> {

  @Override
  protected InferenceEngineProvider<OnnxEngineConfig> provider() {
    return new OnnxEngineProvider();
  }

  @Override
  protected OnnxEngineConfig config() {
    return TestConfigs.cpu();
  }

  @Override
  protected Precision precision() {
    return new Precision("int8");
  }

  @Override
  protected Fidelity fidelity() {
    return new Fidelity(0.35, 0.8, 0.06, 0.3);
  }

  @Override
  protected double consistency() {
    return 0.02;
  }

  /** Rounded, so small a model sends tokens to other experts; their matrices are tested apart. */
  @Override
  protected List<GoldenModel> models() {
    return GoldenModel.all().stream().filter(model -> !model.hasExperts()).toList();
  }
}
