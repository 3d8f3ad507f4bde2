package dev.brigade.engine.mlx;

import java.util.Optional;

/** Settings for tests, which are to compute exactly, whatever else is there. */
final class TestConfigs {
  private TestConfigs() {}

  static MlxEngineConfig cpu() {
    return new MlxEngineConfig(
        Optional.empty(), Optional.of("cpu"), Optional.empty(), Optional.empty());
  }

  static MlxEngineConfig cpuWithMemory(long bytes) {
    return new MlxEngineConfig(
        Optional.empty(), Optional.of("cpu"), Optional.of(bytes), Optional.empty());
  }
}
