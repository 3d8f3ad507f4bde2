package dev.brigade.model.weights;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How a group of quantised numbers is written. The three that are not affine are floats of a few
 * bits with one scale for each group, itself a float of eight bits (Open Compute Project,
 * Microscaling Formats 1.0, and NVIDIA's variant of it).
 */
public enum GroupCoding {
  /** {@code scale * q + bias}, {@code q} being a whole number; scale and bias are floats. */
  AFFINE {
    @Override
    boolean isOf(int bits, int groupSize) {
      return false;
    }

    @Override
    public float element(int code) {
      return code;
    }

    @Override
    public float scale(int code) {
      throw new UnsupportedOperationException("scales of affine groups are floats");
    }
  },
  /** E2M1 in groups of 32, the scale a power of two. */
  MXFP4 {
    @Override
    boolean isOf(int bits, int groupSize) {
      return bits == 4 && groupSize == 32;
    }

    @Override
    public float element(int code) {
      return e2m1(code);
    }

    @Override
    public float scale(int code) {
      return powerOfTwo(code);
    }
  },
  /** E4M3 in groups of 32, the scale a power of two. */
  MXFP8 {
    @Override
    boolean isOf(int bits, int groupSize) {
      return bits == 8 && groupSize == 32;
    }

    @Override
    public float element(int code) {
      return e4m3(code);
    }

    @Override
    public float scale(int code) {
      return powerOfTwo(code);
    }
  },
  /** E2M1 in groups of 16, the scale in E4M3. */
  NVFP4 {
    @Override
    boolean isOf(int bits, int groupSize) {
      return bits == 4 && groupSize == 16;
    }

    @Override
    public float element(int code) {
      return e2m1(code);
    }

    @Override
    public float scale(int code) {
      return e4m3(code);
    }
  };

  private static final float[] E2M1 = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6};

  /** As MLX calls it, and configs do as {@code mode}. */
  public String mode() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one that a config calls by this mode. */
  public static Optional<GroupCoding> ofMode(String mode) {
    return Arrays.stream(values()).filter(coding -> coding.mode().equals(mode)).findFirst();
  }

  /** The one with scales of eight bits that has these sizes. */
  static Optional<GroupCoding> ofFloats(int bits, int groupSize) {
    return Arrays.stream(values()).filter(coding -> coding.isOf(bits, groupSize)).findFirst();
  }

  abstract boolean isOf(int bits, int groupSize);

  /** What a number of the group means, before it is scaled. */
  public abstract float element(int code);

  /** What a scale of eight bits means. */
  public abstract float scale(int code);

  private static float e2m1(int code) {
    float magnitude = E2M1[code & 7];
    return (code & 8) == 0 ? magnitude : -magnitude;
  }

  private static float e4m3(int code) {
    int exponent = code >> 3 & 15;
    int mantissa = code & 7;
    if (exponent == 15 && mantissa == 7) {
      return Float.NaN;
    }
    float magnitude =
        exponent == 0 ? mantissa * 0x1p-9f : Math.scalb(1 + mantissa / 8f, exponent - 7);
    return (code & 0x80) == 0 ? magnitude : -magnitude;
  }

  /** E8M0. */
  private static float powerOfTwo(int code) {
    return code == 255 ? Float.NaN : Math.scalb(1f, code - 127);
  }
}
