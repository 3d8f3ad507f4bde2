package dev.brigade.engine.ggml;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.Tensor;
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
        TensorBlock.allocate(device.bufferType(), "KV cache of " + capacity + " tokens", layouts);
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
  long keys(int layer) {
    return block.tensor(2 * layer);
  }

  /** Values of a layer of the shard: {@code [rows, heads * valueWidth]}. */
  long values(int layer) {
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

  private static void copyRows(long source, long target, long bytes) {
    if (bytes > 0) {
      try (Memory memory = new Memory(bytes)) {
        Ggml.ggml_backend_tensor_get(source, Pointer.nativeValue(memory), 0, bytes);
        Ggml.ggml_backend_tensor_set(target, Pointer.nativeValue(memory), 0, bytes);
      }
    }
  }

  /** Reads rows from {@code from} on as f32 into {@code target}, as many as it takes. */
  void read(long tensor, int from, Tensor target) {
    long count = elements(target);
    long offset = offset(from, target);
    long address = WeightLoader.address(target.bytes());
    if (count == 0) {
      return;
    }
    if (type == GgmlType.F32) {
      Ggml.ggml_backend_tensor_get(tensor, address, offset, type.bytes(count));
      return;
    }
    try (Memory stored = new Memory(type.bytes(count))) {
      long held = Pointer.nativeValue(stored);
      Ggml.ggml_backend_tensor_get(tensor, held, offset, type.bytes(count));
      if (type == GgmlType.Q8_0) {
        EightBitRows.decode(stored.getByteBuffer(0, type.bytes(count)), target.bytes());
      } else {
        Ggml.ggml_fp16_to_fp32_row(held, address, count);
      }
    }
  }

  /** Writes rows given as f32 from {@code from} on. */
  void write(long tensor, int from, Tensor source) {
    long count = elements(source);
    long offset = offset(from, source);
    long address = WeightLoader.address(source.bytes());
    if (count == 0) {
      return;
    }
    if (type == GgmlType.F32) {
      Ggml.ggml_backend_tensor_set(tensor, address, offset, type.bytes(count));
      return;
    }
    try (Memory stored = new Memory(type.bytes(count))) {
      long held = Pointer.nativeValue(stored);
      if (type == GgmlType.Q8_0) {
        Ggml.ggml_quantize_chunk(type.code(), address, held, 0, 1, count, 0);
      } else {
        Ggml.ggml_fp32_to_fp16_row(address, held, count);
      }
      Ggml.ggml_backend_tensor_set(tensor, held, offset, type.bytes(count));
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
