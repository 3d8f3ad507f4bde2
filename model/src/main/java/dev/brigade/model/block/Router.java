package dev.brigade.model.block;

import dev.brigade.model.decoder.TensorOps;

/** Chooses experts for each token. */
public interface Router {

  /** Of {@code x [rows, width]}. */
  <T> Choice<T> choose(TensorOps<T> ops, T x);

  /**
   * @param ids numbers of the chosen experts, {@code [rows, k]}
   * @param weights of what each gives, {@code [rows, k]}
   */
  record Choice<T>(T ids, T weights) {}
}
