package dev.brigade.engine.mlx;

import java.util.Optional;

/**
 * Settings of the engine {@code mlx}.
 *
 * @param library file of MLX's C library; by default what {@code BRIGADE_MLX_LIBRARY} names, else
 *     where Homebrew puts it
 * @param device {@code auto} (the default: the GPU if MLX has one), {@code cpu} or {@code gpu}
 * @param memoryBytes most memory that weights and KV caches may take; by default what is free
 * @param cacheBytes most memory that is kept for arrays to come; by default an eighth of what may
 *     be taken, and a GiB at most
 */
public record MlxEngineConfig(
    Optional<String> library,
    Optional<String> device,
    Optional<Long> memoryBytes,
    Optional<Long> cacheBytes) {
  public MlxEngineConfig {
    device.ifPresent(
        name -> {
          if (!name.matches("auto|cpu|gpu")) {
            throw new IllegalArgumentException("device '" + name + "': want auto, cpu or gpu");
          }
        });
    memoryBytes.ifPresent(bytes -> require("memory-bytes", bytes, 1));
    cacheBytes.ifPresent(bytes -> require("cache-bytes", bytes, 0));
  }

  private static void require(String key, long bytes, long least) {
    if (bytes < least) {
      throw new IllegalArgumentException(key + " " + bytes + ": want at least " + least);
    }
  }

  /** Everything by default. */
  public static MlxEngineConfig defaults() {
    return new MlxEngineConfig(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
