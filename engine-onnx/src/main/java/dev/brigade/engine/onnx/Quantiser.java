package dev.brigade.engine.onnx;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;

/**
 * Rounds the rows of a matrix to a few bits, block by block, as {@code MatMulNBits} reads them: an
 * element is {@code (quant - zeroPoint) * scale}; a symmetric block's zero point is the middle.
 */
final class Quantiser {
  private final Packing packing;
  private final int columns;
  private final int blocks;
  private final int largest;

  Quantiser(Packing packing, int columns) {
    this.packing = packing;
    this.columns = columns;
    blocks = Math.toIntExact(Packing.blocks(columns));
    largest = (1 << packing.bits()) - 1;
  }

  /**
   * Rounds one row.
   *
   * @param row of {@code columns} elements
   * @param quants filled on: {@code blocks * 32} elements of {@code bits}, low bits first
   * @param scales filled on: one for each block
   * @param zeroPoints filled on: a row's packed zero points, if the packing has any
   */
  void row(float[] row, ByteBuffer quants, FloatBuffer scales, ByteBuffer zeroPoints) {
    byte[] zeros = new byte[Math.toIntExact(packing.zeroBytes(blocks))];
    for (int block = 0; block < blocks; block++) {
      int from = block * Packing.BLOCK;
      int to = Math.min(columns, from + Packing.BLOCK);
      Range range = packing.hasZeroPoints() ? spread(row, from, to) : centred(row, from, to);
      scales.put(range.scale);
      put(zeros, block, range.zero);
      byte[] packed = new byte[Packing.BLOCK * packing.bits() / 8];
      for (int i = 0; i < Packing.BLOCK; i++) {
        float value = from + i < to ? row[from + i] : 0;
        put(packed, i, quant(value, range));
      }
      quants.put(packed);
    }
    if (packing.hasZeroPoints()) {
      zeroPoints.put(zeros);
    }
  }

  private record Range(float scale, int zero) {}

  private int quant(float value, Range range) {
    int rounded = range.scale == 0 ? 0 : Math.round(value / range.scale);
    return Math.max(0, Math.min(largest, rounded + range.zero));
  }

  /** From the least to the largest, zero included, so that zero stays zero. */
  private Range spread(float[] row, int from, int to) {
    float least = 0;
    float most = 0;
    for (int i = from; i < to; i++) {
      least = Math.min(least, row[i]);
      most = Math.max(most, row[i]);
    }
    float scale = (most - least) / largest;
    return new Range(scale, scale == 0 ? 0 : Math.round(-least / scale));
  }

  /** The element of the largest size becomes the end of the range that reaches furthest. */
  private Range centred(float[] row, int from, int to) {
    float extreme = 0;
    for (int i = from; i < to; i++) {
      extreme = Math.abs(row[i]) > Math.abs(extreme) ? row[i] : extreme;
    }
    int middle = (largest + 1) / 2;
    return new Range(extreme == 0 ? 0 : -extreme / middle, middle);
  }

  /** Sets element {@code i} of packed ones, low bits first. */
  private void put(byte[] packed, int i, int quant) {
    if (packing.bits() == 8) {
      packed[i] = (byte) quant;
    } else {
      packed[i / 2] |= (byte) (quant << (i % 2 * 4));
    }
  }
}
