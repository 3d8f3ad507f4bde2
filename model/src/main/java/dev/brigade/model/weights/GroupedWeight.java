package dev.brigade.model.weights;

import java.util.Optional;

/**
 * A matrix, or a stack of them, that is stored quantised in groups along its rows, as MLX does it.
 *
 * @param coding what the numbers mean
 * @param bits of each number: 2, 3, 4, 5, 6 or 8
 * @param groupSize elements of a row that share scale and bias
 * @param packed {@code [..., out, in * bits / 32]} words, to be read as I32: the numbers of a row
 *     one after the other, lowest bits first
 * @param scales {@code [..., out, in / groupSize]}: floats if affine, else codes of eight bits, to
 *     be read as I32
 * @param biases {@code [..., out, in / groupSize]}; only affine groups have them
 */
public record GroupedWeight(
    GroupCoding coding,
    int bits,
    int groupSize,
    Weight packed,
    Weight scales,
    Optional<Weight> biases) {

  public GroupedWeight {
    if (biases.isPresent() != (coding == GroupCoding.AFFINE)) {
      throw new IllegalArgumentException("biases " + biases + " of groups in " + coding);
    }
  }
}
