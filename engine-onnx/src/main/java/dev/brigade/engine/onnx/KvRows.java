package dev.brigade.engine.onnx;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

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

  /** The tokens {@code [from, to)} as {@code F32 [tokens, heads, used]}. */
  Tensor read(int from, int to) {
    Tensor tensor = Tensor.allocate(DType.F32, to - from, heads, used);
    FloatBuffer source = floats();
    FloatBuffer target = tensor.bytes().asFloatBuffer();
    for (int token = from; token < to; token++) {
      for (int head = 0; head < heads; head++) {
        target.put(((token - from) * heads + head) * used, source, at(head, token), used);
      }
    }
    return tensor;
  }

  /** Takes over what {@link #read} gave. */
  void write(int from, int to, Tensor tensor) {
    List<Long> shape = List.of((long) to - from, (long) heads, (long) used);
    if (tensor.type() != DType.F32 || !tensor.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "keys or values to import are " + tensor.type() + tensor.shape() + ", want F32" + shape);
    }
    FloatBuffer source = tensor.bytes().asFloatBuffer();
    FloatBuffer target = floats();
    float[] zeros = new float[width - used];
    for (int token = from; token < to; token++) {
      for (int head = 0; head < heads; head++) {
        target.put(at(head, token), source, ((token - from) * heads + head) * used, used);
        target.put(at(head, token) + used, zeros);
      }
    }
  }
}
