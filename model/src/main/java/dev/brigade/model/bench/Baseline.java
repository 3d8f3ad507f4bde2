package dev.brigade.model.bench;

import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Tensor;

/**
 * One sequence of a model, computed by code that is written for this one model and calls the native
 * library of an engine directly. Used from one thread, the one that also runs the engine.
 */
public interface Baseline extends AutoCloseable {

  /**
   * Forgets what is from a position on, appends tokens there, and computes what follows the last.
   *
   * @param ids tokens to append: a prompt, or one token after it
   * @param start position of the first of them, 0 for a prompt; what was there is forgotten
   * @param logits F32 {@code [1, vocabulary]}, filled by the call
   */
  void append(int[] ids, int start, Tensor logits) throws EngineException;

  /** Frees everything; idempotent. */
  @Override
  void close();
}
