package dev.brigade.model.gguf;

import dev.brigade.model.weights.HalfPrecision;
import java.nio.ByteBuffer;

/**
 * Types of 32 elements a block (ggml, {@code ggml-quants.c}). Of two elements in one byte, the low
 * half belongs to the first 16.
 */
final class SmallBlocks {
  private static final int HALF = 16;
  private static final int[] TABLE = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };
  private static final int[] FP4_TIMES_2 = {
    0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12
  };

  private SmallBlocks() {}

  static float half(ByteBuffer block, int at) {
    return HalfPrecision.fromF16(block.getShort(at));
  }

  /** The number that four bits stand for in the types with a table. */
  static int byTable(int four) {
    return TABLE[four];
  }

  /** {@code f16 d, u4[32]}: {@code d (q - 8)}. */
  static void q4WithScale(ByteBuffer block, int at, float[] out, int to) {
    float d = half(block, at);
    for (int j = 0; j < HALF; j++) {
      int q = block.get(at + 2 + j);
      out[to + j] = d * ((q & 15) - 8);
      out[to + j + HALF] = d * ((q >> 4 & 15) - 8);
    }
  }

  /** {@code f16 d, f16 m, u4[32]}: {@code d q + m}. */
  static void q4WithMinimum(ByteBuffer block, int at, float[] out, int to) {
    float d = half(block, at);
    float m = half(block, at + 2);
    for (int j = 0; j < HALF; j++) {
      int q = block.get(at + 4 + j);
      out[to + j] = d * (q & 15) + m;
      out[to + j + HALF] = d * (q >> 4 & 15) + m;
    }
  }

  /** {@code f16 d, u1[32] high bits, u4[32]}: {@code d (q - 16)}. */
  static void q5WithScale(ByteBuffer block, int at, float[] out, int to) {
    float d = half(block, at);
    int high = block.getInt(at + 2);
    for (int j = 0; j < HALF; j++) {
      int q = block.get(at + 6 + j);
      out[to + j] = d * ((q & 15 | (high >>> j & 1) << 4) - 16);
      out[to + j + HALF] = d * ((q >> 4 & 15 | (high >>> j + HALF & 1) << 4) - 16);
    }
  }

  /** {@code f16 d, f16 m, u1[32] high bits, u4[32]}: {@code d q + m}. */
  static void q5WithMinimum(ByteBuffer block, int at, float[] out, int to) {
    float d = half(block, at);
    float m = half(block, at + 2);
    int high = block.getInt(at + 4);
    for (int j = 0; j < HALF; j++) {
      int q = block.get(at + 8 + j);
      out[to + j] = d * (q & 15 | (high >>> j & 1) << 4) + m;
      out[to + j + HALF] = d * (q >> 4 & 15 | (high >>> j + HALF & 1) << 4) + m;
    }
  }

  /** {@code f16 d, i8[32]}: {@code d q}. */
  static void q8WithScale(ByteBuffer block, int at, float[] out, int to) {
    float d = half(block, at);
    for (int j = 0; j < 2 * HALF; j++) {
      out[to + j] = d * block.get(at + 2 + j);
    }
  }

  /** {@code f16 d, u4[32]}: {@code d table[q]}. */
  static void q4ByTable(ByteBuffer block, int at, float[] out, int to) {
    float d = half(block, at);
    for (int j = 0; j < HALF; j++) {
      int q = block.get(at + 2 + j);
      out[to + j] = d * TABLE[q & 15];
      out[to + j + HALF] = d * TABLE[q >> 4 & 15];
    }
  }

  /** {@code u8 e, fp4[32]}: {@code 2^(e - 127) q} (OCP microscaling, FP4 E2M1). */
  static void microscaled(ByteBuffer block, int at, float[] out, int to) {
    float d = Math.scalb(0.5f, (block.get(at) & 255) - 127);
    for (int j = 0; j < HALF; j++) {
      int q = block.get(at + 1 + j);
      out[to + j] = d * FP4_TIMES_2[q & 15];
      out[to + j + HALF] = d * FP4_TIMES_2[q >> 4 & 15];
    }
  }
}
