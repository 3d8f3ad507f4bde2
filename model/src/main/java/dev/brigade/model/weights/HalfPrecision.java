package dev.brigade.model.weights;

/**
 * The two 16-bit formats, which JDK 17 lacks: IEEE 754 binary16 (f16) and bfloat16 (bf16). Rounding
 * is to nearest, ties to even; too large becomes infinite; NaN stays NaN.
 */
public final class HalfPrecision {
  private HalfPrecision() {}

  /** An f16 as f32, exactly. */
  public static float fromF16(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = half >>> 10 & 0x1f;
    int mantissa = half & 0x3ff;
    if (exponent == 0) {
      // Subnormal: an integer multiple of 2^-24.
      float magnitude = mantissa * 0x1p-24f;
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(magnitude));
    }
    int wide = exponent == 0x1f ? 0xff : exponent + 112;
    return Float.intBitsToFloat(sign | wide << 23 | mantissa << 13);
  }

  /** The nearest f16. */
  public static short toF16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & 0x8000;
    int magnitude = bits & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      return (short) (sign | 0x7e00);
    }
    if (magnitude >= 0x477ff000) {
      // From halfway between the largest f16 and 2^16 on.
      return (short) (sign | 0x7c00);
    }
    if (magnitude < 0x38800000) {
      // Below 2^-14 the result counts in 2^-24: adding 0.5, whose last place is 2^-24, rounds to
      // it.
      int counted = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + 0.5f);
      return (short) (sign | counted - 0x3f000000);
    }
    int rounded = magnitude + 0xfff + (magnitude >>> 13 & 1);
    return (short) (sign | (rounded >>> 13) - (112 << 10));
  }

  /** A bf16 as f32, exactly. */
  public static float fromBf16(short brain) {
    return Float.intBitsToFloat(brain << 16);
  }

  /** The nearest bf16. */
  public static short toBf16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if ((bits & 0x7fffffff) > 0x7f800000) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
  }
}
