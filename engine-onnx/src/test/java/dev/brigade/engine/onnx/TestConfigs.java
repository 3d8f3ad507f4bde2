package dev.brigade.engine.onnx;

import java.util.Optional;

/** Settings for tests, which must not depend on what graphics card is there. */
final class TestConfigs {
  private TestConfigs() {}

  /** One thread: for models this small, a second one only gets in the way of other processes. */
  static OnnxEngineConfig cpu() {
    return new OnnxEngineConfig(
        Optional.of("cpu"), Optional.of(1), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
