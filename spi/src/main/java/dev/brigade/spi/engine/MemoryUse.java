package dev.brigade.spi.engine;

/**
 * Memory in bytes, wherever the device keeps it.
 *
 * @param weights the shard's weights; what shards share counts in each of them
 * @param kv reserved by open sequences
 * @param scratch activations and buffers kept between passes
 */
public record MemoryUse(long weights, long kv, long scratch) {

  /** The sum. */
  public long total() {
    return weights + kv + scratch;
  }
}
