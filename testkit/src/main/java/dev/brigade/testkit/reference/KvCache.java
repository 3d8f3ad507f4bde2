package dev.brigade.testkit.reference;

import dev.brigade.model.decoder.KvShape;
import dev.brigade.spi.engine.Tensor;
import java.nio.FloatBuffer;

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

  /** Reads tokens from {@code from} on, as many as there is room for. */
  void read(int from, Tensor keyRows, Tensor valueRows) {
    FloatBuffer keysOut = keyRows.bytes().asFloatBuffer();
    keysOut.put(keys, from * keysPerToken(), keysOut.remaining());
    FloatBuffer valuesOut = valueRows.bytes().asFloatBuffer();
    valuesOut.put(values, from * valuesPerToken(), valuesOut.remaining());
  }

  /** Writes tokens from {@code from} on. */
  void write(int from, Tensor keyRows, Tensor valueRows) {
    FloatBuffer keysIn = keyRows.bytes().asFloatBuffer();
    keysIn.get(keys, from * keysPerToken(), keysIn.remaining());
    FloatBuffer valuesIn = valueRows.bytes().asFloatBuffer();
    valuesIn.get(values, from * valuesPerToken(), valuesIn.remaining());
  }
}
