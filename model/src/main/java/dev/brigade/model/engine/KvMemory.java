package dev.brigade.model.engine;

import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Tensor;

/**
 * Where an engine keeps the keys and values of a shard's sequences. Layers are counted from the
 * shard's first; keys and values to read and write are {@code F32 [tokens, heads, width]} in direct
 * memory, after rotary embedding, and fit the cache. Called on the engine's thread.
 *
 * @param <C> what stands for the cache of one sequence
 */
public interface KvMemory<C> {

  /** Bytes that a cache takes. */
  long bytes(int capacity);

  /**
   * An empty cache.
   *
   * @throws EngineException if the device gives no memory; nothing is held then
   */
  C allocate(SequenceSpec spec) throws EngineException;

  /** Takes a cache back. */
  void free(C cache);

  /** Copies the first tokens of one cache to another, which has room for them. */
  void copy(C from, C to, int tokens) throws EngineException;

  /** Reads a layer's tokens from {@code from} on, as many as the tensors take. */
  void read(C cache, int layer, int from, Tensor keys, Tensor values) throws EngineException;

  /** Writes a layer's tokens from {@code from} on. */
  void write(C cache, int layer, int from, Tensor keys, Tensor values) throws EngineException;
}
