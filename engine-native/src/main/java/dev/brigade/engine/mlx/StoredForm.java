package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.MlxType;

/** How a weight is held in memory. */
sealed interface StoredForm {

  /** Element by element. */
  record Plain(MlxType type) implements StoredForm {}
}
