package dev.brigade.engine.djl;

import dev.brigade.testkit.TestHost;
import java.util.Optional;

/** An engine on the CPU with the host that it lives on. */
final class TestEngine implements AutoCloseable {
  private final TestHost host = TestHost.create();
  private final DjlEngine engine;

  TestEngine() {
    this(TestConfigs.cpu());
  }

  TestEngine(DjlEngineConfig config) {
    engine = (DjlEngine) new DjlEngineProvider().create(config, host);
  }

  static TestEngine withMemory(long bytes) {
    return new TestEngine(
        new DjlEngineConfig(Optional.of("cpu"), Optional.of(1), Optional.of(bytes)));
  }

  DjlEngine engine() {
    return engine;
  }

  @Override
  public void close() {
    engine.close();
    host.close();
  }
}
