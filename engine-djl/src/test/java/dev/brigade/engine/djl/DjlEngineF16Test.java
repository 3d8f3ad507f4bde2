package dev.brigade.engine.djl;

import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.engine.Fidelity;
import dev.brigade.testkit.engine.InferenceEngineContract;

/** In f16, all families stay close enough to choose the same tokens wherever one leads clearly. */
class DjlEngineF16Test extends InferenceEngineContract<DjlEngineConfig> {

  @Override
  protected InferenceEngineProvider<DjlEngineConfig> provider() {
    return new DjlEngineProvider();
  }

  @Override
  protected DjlEngineConfig config() {
    return TestConfigs.cpu();
  }

  @Override
  protected Precision precision() {
    return Precision.F16;
  }

  @Override
  protected Fidelity fidelity() {
    return Fidelity.half();
  }
}
