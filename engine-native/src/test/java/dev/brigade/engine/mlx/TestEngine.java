package dev.brigade.engine.mlx;

import dev.brigade.testkit.TestHost;

/** An engine on the CPU with the host that it lives on. */
final class TestEngine implements AutoCloseable {
  private final TestHost host = TestHost.create();
  private final MlxEngine engine;

  TestEngine() {
    this(TestConfigs.cpu());
  }

  TestEngine(MlxEngineConfig config) {
    engine = (MlxEngine) new MlxEngineProvider().create(config, host);
  }

  MlxEngine engine() {
    return engine;
  }

  /** Bytes in MLX's arrays, whoever's they are. */
  long activeMemory() {
    return engine.mlx().memory().active();
  }

  @Override
  public void close() {
    engine.close();
    host.close();
  }
}
