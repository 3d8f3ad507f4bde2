package dev.brigade.model.weights;

import dev.brigade.spi.engine.DType;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;

/** Floats from and to the little-endian bytes of F32, F16 and BF16. */
final class FloatCodec {
  private FloatCodec() {}

  /**
   * Reads {@code values.length} elements.
   *
   * @param stride elements of the source from one value to the next
   */
  static void decode(DType type, ByteBuffer source, int stride, float[] values) {
    switch (type) {
      case F32 -> {
        FloatBuffer floats = source.asFloatBuffer();
        if (stride == 1) {
          floats.get(values);
        } else {
          for (int i = 0; i < values.length; i++) {
            values[i] = floats.get(i * stride);
          }
        }
      }
      case F16 -> {
        ShortBuffer halves = source.asShortBuffer();
        for (int i = 0; i < values.length; i++) {
          values[i] = HalfPrecision.fromF16(halves.get(i * stride));
        }
      }
      case BF16 -> {
        ShortBuffer brains = source.asShortBuffer();
        for (int i = 0; i < values.length; i++) {
          values[i] = HalfPrecision.fromBf16(brains.get(i * stride));
        }
      }
      case I32 -> throw new IllegalArgumentException("weights are not " + type);
    }
  }

  /** Writes values at the target's position and moves it on. */
  static void encode(DType type, float[] values, ByteBuffer target) {
    switch (type) {
      case F32 -> target.asFloatBuffer().put(values);
      case F16 -> {
        ShortBuffer halves = target.asShortBuffer();
        for (float value : values) {
          halves.put(HalfPrecision.toF16(value));
        }
      }
      case BF16 -> {
        ShortBuffer brains = target.asShortBuffer();
        for (float value : values) {
          brains.put(HalfPrecision.toBf16(value));
        }
      }
      case I32 -> throw new IllegalArgumentException("weights are not " + type);
    }
    target.position(target.position() + values.length * type.bytes());
  }
}
