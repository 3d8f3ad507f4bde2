package dev.brigade.model.weights;

/**
 * A matrix, or a stack of them, that is stored quantised in groups along its rows, as MLX does it:
 * an element is {@code scale * q + bias} of its group, {@code q} being a small whole number.
 *
 * @param bits of each number: 2, 3, 4, 5, 6 or 8
 * @param groupSize elements of a row that share scale and bias
 * @param packed {@code [..., out, in * bits / 32]} words, to be read as I32: the numbers of a row
 *     one after the other, lowest bits first
 * @param scales {@code [..., out, in / groupSize]}
 * @param biases {@code [..., out, in / groupSize]}
 */
public record GroupedWeight(int bits, int groupSize, Weight packed, Weight scales, Weight biases) {}
