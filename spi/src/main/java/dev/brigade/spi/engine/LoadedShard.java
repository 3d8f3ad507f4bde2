package dev.brigade.spi.engine;

import dev.brigade.spi.Cancellation;

/** A shard that is ready to run. Used from the engine's thread only. */
public interface LoadedShard extends AutoCloseable {

  /** The memory held now. */
  MemoryUse memory();

  /**
   * Opens a sequence and reserves the KV cache for its whole capacity.
   *
   * @throws InsufficientMemoryException if that much cannot be had; carries the sum
   */
  Sequence open(SequenceSpec spec) throws InsufficientMemoryException;

  /**
   * Appends every slice's tokens to its sequence and computes their outputs. On failure and on
   * cancellation all lengths are as before.
   *
   * @param out filled by the call. Without a head: hidden states {@code [rows, width]} of all rows,
   *     in one of the profile's hidden types. With a head: F32 logits {@code [outputs, vocabulary]}
   *     of the last {@link Slice#outputs()} rows of each slice, slice after slice
   * @param cancel looked at between chunks of the pass
   * @throws EngineException.Cancelled if the pass ended early
   * @throws IllegalArgumentException if shapes or types do not fit, a sequence occurs twice or is
   *     another shard's, or a slice goes beyond its sequence's capacity
   */
  void run(Pass pass, Tensor out, Cancellation cancel) throws EngineException;

  @Override
  void close();
}
