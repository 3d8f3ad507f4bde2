package dev.brigade.engine.ggml;

import java.util.Optional;

/** Settings for tests. */
final class TestConfigs {
  private TestConfigs() {}

  /** One thread: for models this small, a second one only gets in the way of other processes. */
  static GgmlEngineConfig single() {
    return new GgmlEngineConfig(
        Optional.of(1), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
