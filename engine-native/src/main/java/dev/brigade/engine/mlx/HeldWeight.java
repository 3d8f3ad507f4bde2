package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Grouped;
import dev.brigade.engine.mlx.binding.MlxArray;

/** A weight in MLX's memory, evaluated. Used on MLX's thread, closed on any. */
sealed interface HeldWeight extends AutoCloseable {

  @Override
  void close();

  /** Element by element, row-major, in the weight's own shape. */
  record Plain(MlxArray array) implements HeldWeight {
    @Override
    public void close() {
      array.close();
    }
  }

  /** Quantised in groups. */
  record Groups(Grouped arrays) implements HeldWeight {
    @Override
    public void close() {
      arrays.close();
    }
  }
}
