package dev.brigade.spi.engine;

import java.util.List;

/**
 * The tokens of one or more sequences, end to end, run together.
 *
 * @param slices whose rows follow each other in {@code in}; different sequences
 * @param in token ids {@code I32 [rows]} on a shard that embeds, else hidden states {@code [rows,
 *     width]} in one of the engine's hidden types
 */
public record Pass(List<Slice> slices, Tensor in) {
  public Pass {
    slices = List.copyOf(slices);
    int rows = slices.stream().mapToInt(Slice::count).sum();
    if (slices.isEmpty() || in.shape().isEmpty() || in.size(0) != rows) {
      throw new IllegalArgumentException(
          "pass of " + slices.size() + " slices with " + rows + " rows over input " + in.shape());
    }
  }

  /** Rows in all slices together. */
  public int rows() {
    return in.size(0);
  }

  /** Rows of logits that a shard with a head gives. */
  public int outputs() {
    return slices.stream().mapToInt(Slice::outputs).sum();
  }
}
