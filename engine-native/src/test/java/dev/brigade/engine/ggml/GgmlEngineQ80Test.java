package dev.brigade.engine.ggml;

import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.engine.Fidelity;
import dev.brigade.testkit.engine.InferenceEngineContract;
import dev.brigade.testkit.golden.GoldenModel;
import java.util.List;

/** With weights and activations in blocks of 8 bits, hidden states of size 2 cannot stay closer. */
class GgmlEngineQ80Test extends InferenceEngineContract<GgmlEngineConfig> {

  @Override
  protected InferenceEngineProvider<GgmlEngineConfig> provider() {
    return new GgmlEngineProvider();
  }

  @Override
  protected GgmlEngineConfig config() {
    return TestConfigs.single();
  }

  @Override
  protected Precision precision() {
    return new Precision("q8_0");
  }

  @Override
  protected Fidelity fidelity() {
    return new Fidelity(0.35, 0.5, 0.06, 0.5);
  }

  @Override
  protected List<GoldenModel> models() {
    return GoldenModel.all().stream().filter(model -> !model.hasExperts()).toList();
  }
}
