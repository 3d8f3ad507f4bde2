package dev.brigade.testkit.reference;

import java.util.Optional;

/**
 * Settings of the reference engine.
 *
 * @param memoryLimitBytes most bytes that weights and KV caches may take together; most of the heap
 *     if empty
 */
public record ReferenceConfig(Optional<Long> memoryLimitBytes) {
  public ReferenceConfig {
    if (memoryLimitBytes.isPresent() && memoryLimitBytes.get() < 0) {
      throw new IllegalArgumentException(
          "memory-limit-bytes is " + memoryLimitBytes.get() + ", expected 0 or more");
    }
  }

  /** With most of the heap. */
  public static ReferenceConfig usual() {
    return new ReferenceConfig(Optional.empty());
  }
}
