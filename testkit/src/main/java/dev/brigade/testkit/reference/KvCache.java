package dev.brigade.testkit.reference;

import dev.brigade.model.decoder.KvShape;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.Tensor;
import java.nio.FloatBuffer;
import java.util.List;

/** Keys and values of one layer, {@code [capacity, heads, width]} each. */
final class KvCache {
  private final KvShape shape;
  private final float[] keys;
  private final float[] values;

  KvCache(KvShape shape, int capacity) {
    this.shape = shape;
    this.keys = new float[capacity * shape.heads() * shape.keyWidth()];
    this.values = new float[capacity * shape.heads() * shape.valueWidth()];
  }

  float[] keys() {
    return keys;
  }

  float[] values() {
    return values;
  }

  int keysPerToken() {
    return shape.heads() * shape.keyWidth();
  }

  int valuesPerToken() {
    return shape.heads() * shape.valueWidth();
  }

  /** Writes the token at a position. */
  void put(int position, Matrix k, Matrix v, int row) {
    System.arraycopy(k.values(), row * k.width(), keys, position * keysPerToken(), keysPerToken());
    System.arraycopy(
        v.values(), row * v.width(), values, position * valuesPerToken(), valuesPerToken());
  }

  /** Takes over the first tokens of another cache. */
  void copyFrom(KvCache other, int tokens) {
    System.arraycopy(other.keys, 0, keys, 0, tokens * keysPerToken());
    System.arraycopy(other.values, 0, values, 0, tokens * valuesPerToken());
  }

  Tensor exportKeys(int from, int to) {
    return exported(keys, from, to, shape.keyWidth());
  }

  Tensor exportValues(int from, int to) {
    return exported(values, from, to, shape.valueWidth());
  }

  void importKeys(Tensor tensor, int from, int to) {
    imported(tensor, keys, from, to, shape.keyWidth());
  }

  void importValues(Tensor tensor, int from, int to) {
    imported(tensor, values, from, to, shape.valueWidth());
  }

  private Tensor exported(float[] source, int from, int to, int width) {
    Tensor tensor = Tensor.allocate(DType.F32, to - from, shape.heads(), width);
    int perToken = shape.heads() * width;
    FloatBuffer target = tensor.bytes().asFloatBuffer();
    target.put(source, from * perToken, (to - from) * perToken);
    return tensor;
  }

  private void imported(Tensor tensor, float[] target, int from, int to, int width) {
    List<Long> expected = List.of((long) to - from, (long) shape.heads(), (long) width);
    if (tensor.type() != DType.F32 || !tensor.shape().equals(expected)) {
      throw new IllegalArgumentException(
          "KV to import is %s %s, expected F32 %s"
              .formatted(tensor.type(), tensor.shape(), expected));
    }
    int perToken = shape.heads() * width;
    tensor.bytes().asFloatBuffer().get(target, from * perToken, (to - from) * perToken);
  }
}
