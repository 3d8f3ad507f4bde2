package dev.brigade.engine.ggml;

import dev.brigade.model.weights.HalfPrecision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Blocks of q8_0 as the numbers meant: an f16 scale, then 32 whole numbers of 8 bits. */
final class EightBitRows {
  private static final int ELEMENTS = 32;

  private EightBitRows() {}

  /** Decodes as many blocks as there are. */
  static void decode(ByteBuffer blocks, ByteBuffer floats) {
    ByteBuffer in = blocks.order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer out = floats.order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      float scale = HalfPrecision.fromF16(in.getShort());
      for (int i = 0; i < ELEMENTS; i++) {
        out.putFloat(scale * in.get());
      }
    }
  }
}
