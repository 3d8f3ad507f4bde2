package dev.brigade.engine.ggml;

import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.engine.Fidelity;
import dev.brigade.testkit.engine.InferenceEngineContract;

/** In f16, all families stay close enough to choose the same tokens wherever one leads clearly. */
class GgmlEngineF16Test extends InferenceEngineContract<GgmlEngineConfig> {

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
    return new Precision("f16");
  }

  @Override
  protected Fidelity fidelity() {
    return Fidelity.half();
  }
}
