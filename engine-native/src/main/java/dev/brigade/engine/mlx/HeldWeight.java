package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.MlxArray;

/** A weight in MLX's memory, evaluated. Used on MLX's thread, closed on any. */
sealed interface HeldWeight extends AutoCloseable {

  /** Memory that it takes, in bytes. */
  long bytes();

  @Override
  void close();

  /** Element by element, row-major, in the weight's own shape. */
  record Plain(MlxArray array) implements HeldWeight {
    @Override
    public long bytes() {
      return array.bytes();
    }

    @Override
    public void close() {
      array.close();
    }
  }
}
