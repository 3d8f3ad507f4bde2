package dev.brigade.engine.ggml;

import java.util.Optional;

/**
 * Settings of the engine {@code ggml}.
 *
 * @param threads threads that share the work of one operation; by default the number of cores
 * @param library folder or file of an installed ggml or llama.cpp; by default what the environment
 *     variable {@code BRIGADE_GGML_LIBRARY} names, else the one that comes along
 * @param memoryBytes most memory that weights and KV caches may take; by default what is free
 */
public record GgmlEngineConfig(
    Optional<Integer> threads, Optional<String> library, Optional<Long> memoryBytes) {
  public GgmlEngineConfig {
    threads.ifPresent(
        count -> {
          if (count < 1 || count > 512) {
            throw new IllegalArgumentException("threads " + count + ": want 1 to 512");
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
  public static GgmlEngineConfig defaults() {
    return new GgmlEngineConfig(Optional.empty(), Optional.empty(), Optional.empty());
  }
}
