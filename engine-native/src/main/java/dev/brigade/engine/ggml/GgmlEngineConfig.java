package dev.brigade.engine.ggml;

import java.util.Optional;

/**
 * Settings of the engine {@code ggml}.
 *
 * @param threads threads that share the work of one operation; by default the number of cores
 * @param library folder or file of an installed ggml or llama.cpp; by default what the environment
 *     variable {@code BRIGADE_GGML_LIBRARY} names, else the one that comes along
 * @param memoryBytes most memory that weights and KV caches may take; by default what is free
 * @param device {@code auto} (the default: a GPU that the library drives, else the CPU), {@code
 *     cpu}, {@code gpu}, or a backend or device by its name, such as {@code cuda}, {@code metal} or
 *     {@code vulkan1}
 * @param kv {@code auto} (the default: f32 beside f32 weights, else f16) or {@code q8_0}, which
 *     takes about half of f16's memory and needs heads of a multiple of 32 elements
 */
public record GgmlEngineConfig(
    Optional<Integer> threads,
    Optional<String> library,
    Optional<Long> memoryBytes,
    Optional<String> device,
    Optional<String> kv) {
  public GgmlEngineConfig {
    kv.ifPresent(
        type -> {
          if (!type.matches("auto|q8_0")) {
            throw new IllegalArgumentException("kv '" + type + "': want auto or q8_0");
          }
        });
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

  /** Whether keys and values are to be cached in q8_0. */
  boolean quantizesKv() {
    return kv.filter("q8_0"::equals).isPresent();
  }

  /** Everything by default. */
  public static GgmlEngineConfig defaults() {
    return new GgmlEngineConfig(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
