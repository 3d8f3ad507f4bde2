package dev.brigade.testkit.reference;

import dev.brigade.spi.engine.InferenceEngineProvider;
import dev.brigade.testkit.engine.InferenceEngineContract;

class ReferenceEngineTest extends InferenceEngineContract<ReferenceConfig> {
  @Override
  protected InferenceEngineProvider<ReferenceConfig> provider() {
    return new ReferenceEngineProvider();
  }

  @Override
  protected ReferenceConfig config() {
    return ReferenceConfig.usual();
  }
}
