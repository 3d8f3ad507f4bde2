package dev.brigade.testkit.reference;

import dev.brigade.spi.Host;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.InferenceEngineProvider;

/** Makes reference engines. */
public final class ReferenceEngineProvider implements InferenceEngineProvider<ReferenceConfig> {
  static final String NAME = "reference";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Class<ReferenceConfig> configType() {
    return ReferenceConfig.class;
  }

  @Override
  public InferenceEngine create(ReferenceConfig config, Host host) {
    return create(config, RoutingObserver.none());
  }

  /** An engine that tells how it chooses experts. */
  public InferenceEngine create(ReferenceConfig config, RoutingObserver observer) {
    return new ReferenceEngine(config, observer);
  }
}
