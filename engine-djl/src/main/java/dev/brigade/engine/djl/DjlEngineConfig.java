package dev.brigade.engine.djl;

import java.util.Optional;

/**
 * Settings of the engine {@code djl}.
 *
 * @param device {@code auto} (the default: a GPU if PyTorch sees one), {@code cpu}, {@code cuda} or
 *     {@code cuda:N}
 * @param threads threads that share the work of one operation on the CPU; by default the number of
 *     cores
 * @param memoryBytes most memory that weights and KV caches may take; by default what is free
 */
public record DjlEngineConfig(
    Optional<String> device, Optional<Integer> threads, Optional<Long> memoryBytes) {
  public DjlEngineConfig {
    threads.ifPresent(
        count -> {
          if (count < 1 || count > 1024) {
            throw new IllegalArgumentException("threads " + count + ": want 1 to 1024");
          }
        });
    memoryBytes.ifPresent(
        bytes -> {
          if (bytes < 1) {
            throw new IllegalArgumentException("memory-bytes " + bytes + ": want at least 1");
          }
        });
  }

  /** Everything by default. */
  public static DjlEngineConfig defaults() {
    return new DjlEngineConfig(Optional.empty(), Optional.empty(), Optional.empty());
  }
}
