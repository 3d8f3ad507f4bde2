package dev.brigade.model.engine;

import dev.brigade.spi.engine.KvSource;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;

/** Refuses what does not fit a sequence, before anything native sees it. */
public final class SequenceCheck {
  private SequenceCheck() {}

  /**
   * @throws IllegalArgumentException if the sequence has fewer tokens than it is to keep
   */
  public static void requireTruncate(Sequence sequence, int length) {
    if (length < 0 || length > sequence.length()) {
      throw new IllegalArgumentException(
          "truncate to " + length + " tokens: the sequence has " + sequence.length());
    }
  }

  /**
   * @throws IllegalArgumentException if the copy could not hold what the sequence has
   */
  public static void requireFork(Sequence sequence, SequenceSpec spec) {
    int length = sequence.length();
    if (spec.capacity() < length) {
      throw new IllegalArgumentException(
          "fork with capacity " + spec.capacity() + ": the sequence has " + length + " tokens");
    }
  }

  /**
   * @throws IllegalArgumentException if the sequence has not all of these tokens
   */
  public static void requireExport(Sequence sequence, int from, int to) {
    if (from < 0 || from > to || to > sequence.length()) {
      throw new IllegalArgumentException(
          "export of tokens " + from + " to " + to + ": the sequence has " + sequence.length());
    }
  }

  /**
   * @throws IllegalArgumentException if the tokens do not follow those that the sequence has, or go
   *     beyond its capacity
   */
  public static void requireImport(Sequence sequence, KvSource source) {
    int from = source.from();
    int to = source.to();
    if (from != sequence.length() || to < from || to > sequence.capacity()) {
      throw new IllegalArgumentException(
          "import of tokens %d to %d into a sequence of %d tokens with capacity %d"
              .formatted(from, to, sequence.length(), sequence.capacity()));
    }
  }
}
