package dev.brigade.spi.engine;

/**
 * One sequence's part of a pass: {@code count} consecutive tokens from {@link Sequence#length()}
 * on.
 *
 * @param sequence a sequence of the shard that runs
 * @param count rows in the pass, at least 1
 * @param outputs how many of the last rows need logits: 0 for an inner chunk of a prompt, 1 to
 *     decode. Ignored by shards without a head
 */
public record Slice(Sequence sequence, int count, int outputs) {
  public Slice {
    if (count < 1 || outputs < 0 || outputs > count) {
      throw new IllegalArgumentException(
          "slice of " + count + " rows with " + outputs + " outputs");
    }
  }
}
