package dev.brigade.launcher.config;

import java.util.Optional;

/**
 * What Brigade may take.
 *
 * @param limit bytes for weights, KV caches and activations; by default what is free, less a
 *     reserve
 */
public record MemorySection(Optional<Long> limit) {
  public MemorySection {
    if (limit.filter(bytes -> bytes < 1).isPresent()) {
      throw new IllegalArgumentException("limit is " + limit.get() + " bytes, it must be positive");
    }
  }
}
