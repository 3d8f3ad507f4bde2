package dev.brigade.model.gguf;

import java.nio.ByteBuffer;

/** Turns one quantised block into the numbers that it stands for. */
@FunctionalInterface
interface BlockDecoder {

  /**
   * @param block little-endian
   * @param at where the block begins in it
   * @param out takes the numbers
   * @param to where the first goes
   */
  void decode(ByteBuffer block, int at, float[] out, int to);
}
