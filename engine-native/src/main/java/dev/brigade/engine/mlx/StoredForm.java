package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Grouped;
import dev.brigade.engine.mlx.binding.MlxType;

/** How a weight is held in memory. */
sealed interface StoredForm {

  /** Element type of what it is multiplied with. */
  MlxType type();

  /** Memory of a weight, in bytes. */
  long bytes(long elements);

  /** Element by element. */
  record Plain(MlxType type) implements StoredForm {
    @Override
    public long bytes(long elements) {
      return elements * type.bytes();
    }
  }

  /**
   * Quantised in groups.
   *
   * @param type of scales and biases, if affine
   * @param stored whether the checkpoint has it so; else it is quantised when it is loaded
   */
  record Groups(Grouped.Mode mode, int bits, int groupSize, MlxType type, boolean stored)
      implements StoredForm {
    @Override
    public long bytes(long elements) {
      int ofGroup = mode == Grouped.Mode.AFFINE ? 2 * type.bytes() : MlxType.U8.bytes();
      return elements * bits / Byte.SIZE + elements / groupSize * ofGroup;
    }
  }
}
