package dev.brigade.model.architecture;

import dev.brigade.model.config.ModelConfig;
import dev.brigade.model.decoder.Activation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineException.Unsupported;

/** The activations that configs name. */
final class Activations {
  private Activations() {}

  /** The one that {@code hidden_act} names; SiLU if absent. */
  static Activation of(ModelConfig config) throws EngineException {
    return of(config, "hidden_act", "silu");
  }

  /** The one that a key names. */
  static Activation of(ModelConfig config, String key, String otherwise) throws EngineException {
    String name = config.text(key, otherwise);
    return switch (name) {
      case "silu", "swish" -> new Activation.Swiglu();
      case "gelu_pytorch_tanh", "gelu_python_tanh", "gelu_new", "gelu_fast" ->
          new Activation.Geglu();
      default ->
          throw new Unsupported(
              "%s: %s '%s' is not known; known are silu and gelu_pytorch_tanh"
                  .formatted(config.where(), key, name));
    };
  }
}
