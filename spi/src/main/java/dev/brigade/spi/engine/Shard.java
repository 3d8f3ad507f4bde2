package dev.brigade.spi.engine;

/**
 * A contiguous range of a model's layers, {@code [first, last)}.
 *
 * @param model the model
 * @param first first layer; 0 means that the shard also embeds token ids
 * @param last one past the last layer; {@code layers} means that it also has final norm and head
 * @param layers layers in the whole model
 */
public record Shard(ModelRef model, int first, int last, int layers) {
  public Shard {
    if (first < 0 || first >= last || last > layers) {
      throw new IllegalArgumentException(
          "shard [" + first + ", " + last + ") is no non-empty part of " + layers + " layers");
    }
  }

  /** Whether this shard turns token ids into hidden states first. */
  public boolean embeds() {
    return first == 0;
  }

  /** Whether this shard ends in logits rather than hidden states. */
  public boolean hasHead() {
    return last == layers;
  }
}
