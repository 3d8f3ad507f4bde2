package dev.brigade.engine.onnx;

import dev.brigade.spi.Host;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.InferenceEngineProvider;
import java.util.Optional;

/** Makes engines that run on ONNX Runtime. */
public final class OnnxEngineProvider implements InferenceEngineProvider<OnnxEngineConfig> {
  static final String NAME = "onnx";

  /** For {@link java.util.ServiceLoader}. */
  public OnnxEngineProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Class<OnnxEngineConfig> configType() {
    return OnnxEngineConfig.class;
  }

  @Override
  public Optional<String> unavailable() {
    return NativeLibrary.problem();
  }

  @Override
  public InferenceEngine create(OnnxEngineConfig config, Host host) {
    return new OnnxEngine(config, host);
  }
}
