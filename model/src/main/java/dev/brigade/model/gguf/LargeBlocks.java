package dev.brigade.model.gguf;

import static dev.brigade.model.gguf.SmallBlocks.half;

import java.nio.ByteBuffer;

/**
 * Types of 256 elements a block, in groups of 16 or 32 with scales that are quantised themselves
 * (ggml, {@code ggml-quants.c}, "k-quants").
 */
final class LargeBlocks {
  private static final int GROUP = 16;
  private static final int PLANE = 32;

  private LargeBlocks() {}

  /** {@code u4 scales, minima [16], u2[256], f16 d, f16 dmin}. */
  static void q2(ByteBuffer block, int at, float[] out, int to) {
    float d = half(block, at + 80);
    float dmin = half(block, at + 82);
    for (int group = 0; group < GROUP; group++) {
      int scale = block.get(at + group);
      int q = at + 16 + group / 8 * PLANE + group % 2 * GROUP;
      int shift = group % 8 / 2 * 2;
      float dl = d * (scale & 15);
      float ml = dmin * (scale >> 4 & 15);
      for (int j = 0; j < GROUP; j++) {
        out[to + group * GROUP + j] = dl * (block.get(q + j) >> shift & 3) - ml;
      }
    }
  }

  /** {@code u1[256] high bits, u2[256], i6[16] scales, f16 d}. */
  static void q3(ByteBuffer block, int at, float[] out, int to) {
    float d = half(block, at + 108);
    for (int group = 0; group < GROUP; group++) {
      int low = block.get(at + 96 + group % 8) >> group / 8 * 4 & 15;
      int high = block.get(at + 104 + group % 4) >> group / 4 * 2 & 3;
      float dl = d * ((low | high << 4) - 32);
      int q = at + 32 + group / 8 * PLANE + group % 2 * GROUP;
      int shift = group % 8 / 2 * 2;
      int bits = at + group % 2 * GROUP;
      int bit = group / 2;
      for (int j = 0; j < GROUP; j++) {
        int two = block.get(q + j) >> shift & 3;
        out[to + group * GROUP + j] = dl * (two - ((block.get(bits + j) >> bit & 1) == 1 ? 0 : 4));
      }
    }
  }

  /** {@code f16 d, f16 dmin, u6 scales, minima [8], u4[256]}. */
  static void q4(ByteBuffer block, int at, float[] out, int to) {
    for (int group = 0; group < 8; group++) {
      float dl = half(block, at) * scale(block, at + 4, group);
      float ml = half(block, at + 2) * minimum(block, at + 4, group);
      int q = at + 16 + group / 2 * PLANE;
      int shift = group % 2 * 4;
      for (int j = 0; j < PLANE; j++) {
        out[to + group * PLANE + j] = dl * (block.get(q + j) >> shift & 15) - ml;
      }
    }
  }

  /** {@code f16 d, f16 dmin, u6 scales, minima [8], u1[256] high bits, u4[256]}. */
  static void q5(ByteBuffer block, int at, float[] out, int to) {
    for (int group = 0; group < 8; group++) {
      float dl = half(block, at) * scale(block, at + 4, group);
      float ml = half(block, at + 2) * minimum(block, at + 4, group);
      int q = at + 48 + group / 2 * PLANE;
      int shift = group % 2 * 4;
      for (int j = 0; j < PLANE; j++) {
        int high = (block.get(at + 16 + j) >> group & 1) << 4;
        out[to + group * PLANE + j] = dl * (block.get(q + j) >> shift & 15 | high) - ml;
      }
    }
  }

  private static int scale(ByteBuffer block, int at, int group) {
    return group < 4
        ? block.get(at + group) & 63
        : block.get(at + group + 4) & 15 | (block.get(at + group - 4) >> 6 & 3) << 4;
  }

  private static int minimum(ByteBuffer block, int at, int group) {
    return group < 4
        ? block.get(at + group + 4) & 63
        : block.get(at + group + 4) >> 4 & 15 | (block.get(at + group) >> 6 & 3) << 4;
  }

  /** {@code u4[256], u2[256] high bits, i8[16] scales, f16 d}. */
  static void q6(ByteBuffer block, int at, float[] out, int to) {
    float d = half(block, at + 208);
    for (int group = 0; group < GROUP; group++) {
      int plane = group % 8 / 2;
      int column = group % 2 * GROUP;
      int low = at + group / 8 * 64 + plane % 2 * PLANE + column;
      int high = at + 128 + group / 8 * PLANE + column;
      float dl = d * block.get(at + 192 + group);
      for (int j = 0; j < GROUP; j++) {
        int four = block.get(low + j) >> plane / 2 * 4 & 15;
        int two = block.get(high + j) >> plane * 2 & 3;
        out[to + group * GROUP + j] = dl * ((four | two << 4) - 32);
      }
    }
  }

  /**
   * {@code f16 d, u2[8] high, u4[8] low bits of scales, u4[256]}: {@code d (scale - 32) table[q]}.
   */
  static void q4ByTable(ByteBuffer block, int at, float[] out, int to) {
    float d = half(block, at);
    int high = block.getShort(at + 2);
    for (int group = 0; group < 8; group++) {
      int low = block.get(at + 4 + group / 2) >> group % 2 * 4 & 15;
      float dl = d * ((low | (high >> 2 * group & 3) << 4) - 32);
      int q = at + 8 + group * GROUP;
      for (int j = 0; j < GROUP; j++) {
        out[to + group * PLANE + j] = dl * SmallBlocks.byTable(block.get(q + j) & 15);
        out[to + group * PLANE + j + GROUP] = dl * SmallBlocks.byTable(block.get(q + j) >> 4 & 15);
      }
    }
  }
}
