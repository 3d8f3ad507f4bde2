package dev.brigade.model.decoder;

/**
 * What one layer caches per token.
 *
 * @param heads key/value heads
 * @param keyWidth elements of one head's key
 * @param valueWidth elements of one head's value; 0 if values are derived from the keys
 */
public record KvShape(int heads, int keyWidth, int valueWidth) {
  public KvShape {
    if (heads < 1 || keyWidth < 1 || valueWidth < 0) {
      throw new IllegalArgumentException(
          "kv shape: heads " + heads + ", key width " + keyWidth + ", value width " + valueWidth);
    }
  }

  /** Elements per token. */
  public int elements() {
    return heads * (keyWidth + valueWidth);
  }
}
