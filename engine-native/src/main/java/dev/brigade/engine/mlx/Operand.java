package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Grouped;
import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import java.util.Optional;

/** A held weight as operations take it. Used on MLX's thread, closed on any. */
sealed interface Operand extends AutoCloseable {

  /** Element type of what it is multiplied with. */
  MlxType type();

  @Override
  void close();

  /**
   * Element by element.
   *
   * @param array in the weight's own shape; the shelf's
   * @param transposed a view with the two innermost axes exchanged, for products; the operand's own
   */
  record Plain(MlxArray array, MlxType type, Optional<MlxArray> transposed) implements Operand {
    @Override
    public void close() {
      transposed.ifPresent(MlxArray::close);
    }
  }

  /**
   * Quantised in groups.
   *
   * @param arrays the shelf's
   */
  record Groups(Grouped arrays, MlxType type) implements Operand {
    @Override
    public void close() {
      // Nothing here is the operand's own.
    }
  }
}
