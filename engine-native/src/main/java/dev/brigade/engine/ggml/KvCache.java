package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.Conversion;
import dev.brigade.engine.ggml.binding.GgmlDevice;
import dev.brigade.engine.ggml.binding.GgmlTensor;
import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.engine.ggml.binding.NativeBytes;
import dev.brigade.engine.ggml.binding.TensorBlock;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Keys and values of one sequence: for every layer a matrix of each, one token a row, all heads of
 * a token side by side. Rows that are not written yet are zeros: attention masks them, but would
 * spread a NaN.
 */
final class KvCache implements AutoCloseable {
  /** Capacities and lengths that attention sees are rounded up to multiples of this. */
  private static final int ROUNDING = 32;

  private final GgmlType type;
  private final List<KvShape> shapes;
  private final int capacity;
  private final TensorBlock block;

  private KvCache(GgmlType type, List<KvShape> shapes, int capacity, TensorBlock block) {
    this.type = type;
    this.shapes = shapes;
    this.capacity = capacity;
    this.block = block;
  }

  /** Whether every head's keys and values are whole blocks of a type. */
  static boolean fits(GgmlType type, List<KvShape> shapes) {
    return shapes.stream()
        .allMatch(kv -> type.divides(kv.keyWidth()) && type.divides(kv.valueWidth()));
  }

  /** Memory of a cache. */
  static long bytes(GgmlType type, List<KvShape> shapes, int capacity) {
    long elements = shapes.stream().mapToLong(KvShape::elements).sum();
    return type.bytes(elements * rounded(capacity));
  }

  static KvCache allocate(GgmlDevice device, GgmlType type, List<KvShape> shapes, int capacity)
      throws InsufficientMemoryException {
    long rows = rounded(capacity);
    List<TensorBlock.Layout> layouts = new ArrayList<>();
    for (KvShape kv : shapes) {
      layouts.add(new TensorBlock.Layout(type, List.of(rows, keyRow(kv))));
      layouts.add(new TensorBlock.Layout(type, List.of(rows, valueRow(kv))));
    }
    TensorBlock block =
        TensorBlock.allocate(device, "KV cache of " + capacity + " tokens", layouts);
    block.clear();
    return new KvCache(type, List.copyOf(shapes), (int) rows, block);
  }

  private static long rounded(long tokens) {
    return (tokens + ROUNDING - 1) / ROUNDING * ROUNDING;
  }

  private static long keyRow(KvShape kv) {
    return (long) kv.heads() * kv.keyWidth();
  }

  private static long valueRow(KvShape kv) {
    return (long) kv.heads() * kv.valueWidth();
  }

  GgmlType type() {
    return type;
  }

  /** Rows that there are. */
  int rows() {
    return capacity;
  }

  /** Keys of a layer of the shard, counted from its first: {@code [rows, heads * keyWidth]}. */
  GgmlTensor keys(int layer) {
    return block.tensor(2 * layer);
  }

  /** Values of a layer of the shard: {@code [rows, heads * valueWidth]}. */
  GgmlTensor values(int layer) {
    return block.tensor(2 * layer + 1);
  }

  /** Copies the first rows of another cache of the same shard. */
  void copyFrom(KvCache other, int tokens) {
    for (int layer = 0; layer < shapes.size(); layer++) {
      copyRows(other.keys(layer), keys(layer), type.bytes(keyRow(shapes.get(layer))) * tokens);
      copyRows(
          other.values(layer), values(layer), type.bytes(valueRow(shapes.get(layer))) * tokens);
    }
  }

  private static void copyRows(GgmlTensor source, GgmlTensor target, long bytes) {
    if (bytes > 0) {
      try (NativeBytes rows = NativeBytes.allocate(bytes)) {
        source.get(rows.slice(0, bytes), 0);
        target.set(rows);
      }
    }
  }

  /** Reads rows from {@code from} on as f32 into {@code target}, as many as it takes. */
  void read(GgmlTensor tensor, int from, Tensor target) {
    long bytes = type.bytes(elements(target));
    if (bytes == 0) {
      return;
    }
    if (type == GgmlType.F32) {
      tensor.get(target.bytes(), offset(from, target));
      return;
    }
    try (NativeBytes rows = NativeBytes.allocate(bytes)) {
      ByteBuffer stored = rows.slice(0, bytes);
      tensor.get(stored, offset(from, target));
      if (type == GgmlType.Q8_0) {
        EightBitRows.decode(stored, target.bytes());
      } else {
        Conversion.fromHalf(stored, target.bytes());
      }
    }
  }

  /** Writes rows given as f32 from {@code from} on. */
  void write(GgmlTensor tensor, int from, Tensor source) {
    long bytes = type.bytes(elements(source));
    if (bytes == 0) {
      return;
    }
    if (type == GgmlType.F32) {
      tensor.set(source.bytes(), offset(from, source));
      return;
    }
    try (NativeBytes rows = NativeBytes.allocate(bytes)) {
      ByteBuffer stored = rows.slice(0, bytes);
      if (type == GgmlType.Q8_0) {
        Conversion.quantize(type, source.bytes(), elements(source), stored);
      } else {
        Conversion.toHalf(source.bytes(), stored);
      }
      tensor.set(stored, offset(from, source));
    }
  }

  private static long elements(Tensor tensor) {
    return tensor.shape().stream().reduce(1L, Math::multiplyExact);
  }

  private long offset(int from, Tensor rows) {
    return type.bytes(from * rows.shape().get(1) * rows.shape().get(2));
  }

  @Override
  public void close() {
    block.close();
  }
}
