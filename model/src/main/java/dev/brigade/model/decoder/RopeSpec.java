package dev.brigade.model.decoder;

import java.util.List;
import java.util.Optional;

/**
 * Rotary position embedding (Su et al. 2021) of the heads of a row. In every head of {@code
 * headWidth} columns, the columns {@code [offset, offset + 2 n)} are rotated in pairs by the angle
 * {@code position * frequency[i]}, {@code i < n}; the others stay.
 *
 * @param headWidth columns of one head
 * @param offset first rotated column of a head
 * @param pairing which columns make a pair
 * @param rotation frequencies and magnitude
 * @param beyond what longer sequences use instead
 */
public record RopeSpec(
    int headWidth, int offset, Pairing pairing, Rotation rotation, Optional<Beyond> beyond) {
  public RopeSpec {
    int rotated = 2 * rotation.frequencies().size();
    if (offset < 0 || rotated < 2 || offset + rotated > headWidth) {
      throw new IllegalArgumentException(
          "rope of " + rotated + " columns from " + offset + " in a head of " + headWidth);
    }
    if (beyond.isPresent()
        && beyond.get().rotation().frequencies().size() != rotation.frequencies().size()) {
      throw new IllegalArgumentException("rope: long and short rotations differ in size");
    }
  }

  /** A rotation of the first columns of each head, in halves. */
  public static RopeSpec of(int headWidth, Rotation rotation) {
    return new RopeSpec(headWidth, 0, Pairing.HALVES, rotation, Optional.empty());
  }

  /** Which columns make the pairs. */
  public enum Pairing {
    /** Column {@code i} with {@code i + n}: the layout of Hugging Face. */
    HALVES,
    /** Column {@code 2 i} with {@code 2 i + 1}; stays so after rotation. */
    INTERLEAVED
  }

  /**
   * @param frequencies radians per position of each pair, in f32 as the reference computes them
   * @param magnitude factor on the rotated columns (yarn and longrope: attention factor)
   */
  public record Rotation(List<Float> frequencies, float magnitude) {
    public Rotation {
      frequencies = List.copyOf(frequencies);
    }
  }

  /**
   * @param promptLength sequences whose prompt is longer than this…
   * @param rotation …use this rotation for all their tokens (phi3's long factors)
   */
  public record Beyond(int promptLength, Rotation rotation) {}
}
