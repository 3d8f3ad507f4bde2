package dev.brigade.engine.mlx;

import java.util.OptionalLong;

/**
 * What MLX's allocator is told, in bytes, so that it stays within the budget of its node.
 *
 * @param cache the most that it keeps for arrays to come
 * @param wired what it keeps resident, on a GPU of Apple's: weights that the system pages out would
 *     make every step wait for a disk
 */
record MemoryLimits(long cache, OptionalLong wired) {
  private static final long MOST_CACHE = 1L << 30;

  /**
   * @param budget that the node has
   * @param recommended the most that the GPU should be asked for; empty on a CPU
   */
  static MemoryLimits of(MlxEngineConfig config, long budget, OptionalLong recommended) {
    return new MemoryLimits(
        config.cacheBytes().orElse(Math.min(budget / 8, MOST_CACHE)),
        recommended.isPresent()
            ? OptionalLong.of(Math.min(budget, recommended.getAsLong()))
            : recommended);
  }
}
