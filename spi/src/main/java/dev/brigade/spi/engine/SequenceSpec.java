package dev.brigade.spi.engine;

/**
 * What a sequence will need.
 *
 * @param capacity most tokens, prompt and answer together; memory is reserved for all of them
 * @param promptLength tokens of the prompt. Some models choose their position encoding by length;
 *     they choose once, by this
 */
public record SequenceSpec(int capacity, int promptLength) {
  public SequenceSpec {
    if (promptLength < 0 || capacity < 1 || promptLength > capacity) {
      throw new IllegalArgumentException(
          "a prompt of " + promptLength + " tokens in a sequence of capacity " + capacity);
    }
  }
}
