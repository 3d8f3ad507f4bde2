package dev.brigade.model.block;

import dev.brigade.model.decoder.TensorOps;

/** The half of a layer in which every token is on its own. */
public interface FeedForward {

  /** {@code [rows, width]} to the same. */
  <T> T apply(TensorOps<T> ops, T x);
}
