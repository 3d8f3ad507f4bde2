package dev.brigade.engine.mlx.binding;

/**
 * A matrix, or a stack of them, quantised in groups along its rows: {@code scale * q + bias}.
 *
 * @param packed {@code U32 [..., out, in * bits / 32]}, the lowest bits first
 * @param scales {@code [..., out, in / groupSize]}
 * @param biases {@code [..., out, in / groupSize]}
 * @param groupSize 32, 64 or 128
 * @param bits 2, 3, 4, 5, 6 or 8
 */
public record Grouped(MlxArray packed, MlxArray scales, MlxArray biases, int groupSize, int bits)
    implements AutoCloseable {

  /** Closes all three. */
  @Override
  public void close() {
    packed.close();
    scales.close();
    biases.close();
  }
}
