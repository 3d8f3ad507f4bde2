package dev.brigade.spi.engine;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs shards of models on one device.
 *
 * <p>Rules, each of which the conformance kit checks:
 *
 * <ol>
 *   <li>{@link #profile()} and {@link #load} may be called from any thread, also while a pass runs.
 *       Everything else is called from one thread, the engine's.
 *   <li>Numbers are little-endian and row-major. Buffers are direct and stay the caller's; the
 *       engine does not keep them beyond the call.
 *   <li>A failed call leaves everything as it was before, and frees what it had taken.
 *   <li>{@code close} is idempotent. The caller closes sequences, then shards, then the engine.
 *   <li>A shard never refuses for its neighbours' sake: an engine cut into 1, 2 or n shards
 *       computes the same thing.
 * </ol>
 */
public interface InferenceEngine extends AutoCloseable {

  /** What this engine can do; immediate. */
  EngineProfile profile();

  /** What native library it runs on: name, version, file, for a person to read; empty if none. */
  default Optional<String> library() {
    return Optional.empty();
  }

  /**
   * Whether weights that several shards of one model have, in one precision, are kept once. If so,
   * a further shard is counted with the layers that it adds.
   */
  default boolean sharesWeights() {
    return false;
  }

  /**
   * Loads a shard; blocks until it can run.
   *
   * @param progress told now and then, from the calling thread
   * @param cancel looked at between tensors
   * @throws EngineException.Unsupported if the model's architecture or the precision is not known
   * @throws EngineException.BadModel if a file is missing, truncated or inconsistent
   * @throws InsufficientMemoryException if it does not fit; nothing is kept
   * @throws EngineException.Cancelled if {@code cancel} was triggered
   */
  LoadedShard load(LoadRequest request, Consumer<Progress> progress, Cancellation cancel)
      throws EngineException;

  @Override
  void close();
}
