package dev.brigade.engine.onnx;

import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.engine.Fidelity;
import dev.brigade.testkit.engine.InferenceEngineContract;
import dev.brigade.testkit.golden.GoldenModel;
import java.util.List;

/**
 * In int4, matrices as small as the golden ones lose too much to be held against the reference
 * closely ({@link QuantisedWeightsTest} does that against the rounded matrices); the engine must
 * agree with itself all the same.
 */
class OnnxEngineInt4Test extends InferenceEngineContract<OnnxEngineConfig> {

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
    return new Precision("int4");
  }

  @Override
  protected Fidelity fidelity() {
    return new Fidelity(3, 6, 0.5, 3);
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
