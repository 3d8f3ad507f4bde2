package dev.brigade.engine.onnx;

import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * One sequence's keys, or values, of one layer in memory, {@code [heads, stride, width]}, of which
 * the first {@code used} columns are the model's and the others zero.
 */
record KvRows(ByteBuffer data, int heads, int stride, int width, int used) {
  private FloatBuffer floats() {
    return data.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  private int at(int head, int token) {
    return (head * stride + token) * width;
  }

  /** Copies the first tokens over. */
  void copyTo(KvRows target, int tokens) {
    FloatBuffer from = floats();
    FloatBuffer to = target.floats();
    for (int head = 0; head < heads; head++) {
      to.put(target.at(head, 0), from, at(head, 0), tokens * width);
    }
  }

  /** Reads tokens from {@code from} on into {@code F32 [tokens, heads, used]}. */
  void read(int from, Tensor rows) {
    FloatBuffer source = floats();
    FloatBuffer target = rows.bytes().asFloatBuffer();
    for (int token = 0; token < rows.size(0); token++) {
      for (int head = 0; head < heads; head++) {
        target.put((token * heads + head) * used, source, at(head, from + token), used);
      }
    }
  }

  /** Takes over what {@link #read} gave. */
  void write(int from, Tensor rows) {
    FloatBuffer source = rows.bytes().asFloatBuffer();
    FloatBuffer target = floats();
    float[] zeros = new float[width - used];
    for (int token = 0; token < rows.size(0); token++) {
      for (int head = 0; head < heads; head++) {
        target.put(at(head, from + token), source, (token * heads + head) * used, used);
        target.put(at(head, from + token) + used, zeros);
      }
    }
  }
}
