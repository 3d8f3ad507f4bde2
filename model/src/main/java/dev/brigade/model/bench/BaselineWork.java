package dev.brigade.model.bench;

import dev.brigade.spi.engine.Precision;
import java.nio.file.Path;

/**
 * What a baseline is to do.
 *
 * @param model the model's folder, or its GGUF file
 * @param precision one of the engine's
 * @param capacity most tokens of its sequence, at least 1
 * @param promptLength tokens that come first, at most {@code capacity}
 */
public record BaselineWork(Path model, Precision precision, int capacity, int promptLength) {
  public BaselineWork {
    if (capacity < 1 || promptLength < 1 || promptLength > capacity) {
      throw new IllegalArgumentException(
          "baseline of a prompt of %d tokens in %d: want 1 <= prompt <= capacity"
              .formatted(promptLength, capacity));
    }
  }
}
