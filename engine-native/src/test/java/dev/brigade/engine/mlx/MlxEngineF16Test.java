package dev.brigade.engine.mlx;

import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.spi.engine.Precision;
import dev.brigade.testkit.engine.Fidelity;
import dev.brigade.testkit.engine.InferenceEngineContract;

/** In f16, all families stay close enough to choose the same tokens wherever one leads clearly. */
@EnabledWithMlx
class MlxEngineF16Test extends InferenceEngineContract<MlxEngineConfig> {

  @Override
  protected InferenceEngineProvider<MlxEngineConfig> provider() {
    return new MlxEngineProvider();
  }

  @Override
  protected MlxEngineConfig config() {
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
