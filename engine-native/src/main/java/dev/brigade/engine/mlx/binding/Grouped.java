package dev.brigade.engine.mlx.binding;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A matrix, or a stack of them, quantised in groups along its rows.
 *
 * @param mode what the numbers mean
 * @param packed {@code U32 [..., out, in * bits / 32]}, the lowest bits first
 * @param scales {@code [..., out, in / groupSize]}: floats if affine, else U8
 * @param biases {@code [..., out, in / groupSize]}; of affine ones only
 * @param groupSize 16, 32, 64 or 128
 * @param bits 2, 3, 4, 5, 6 or 8
 */
public record Grouped(
    Mode mode, MlxArray packed, MlxArray scales, Optional<MlxArray> biases, int groupSize, int bits)
    implements AutoCloseable {

  /** MLX's modes of quantising, by its names for them. */
  public enum Mode {
    AFFINE,
    MXFP4,
    MXFP8,
    NVFP4
  }

  /** The two or three. */
  public List<MlxArray> arrays() {
    List<MlxArray> arrays = new ArrayList<>(List.of(packed, scales));
    biases.ifPresent(arrays::add);
    return arrays;
  }

  /** Others with the same meaning: the same done to all of them. */
  public Grouped each(UnaryOperator<MlxArray> change) {
    return new Grouped(
        mode, change.apply(packed), change.apply(scales), biases.map(change), groupSize, bits);
  }

  /** Closes all. */
  @Override
  public void close() {
    arrays().forEach(MlxArray::close);
  }
}
