package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Mlx;
import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.engine.mlx.binding.Recording;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One sequence of a Llama in f32, as one would write it for MLX and for nothing else. */
final class BareLlama implements AutoCloseable {
  private static final int HEAD = 64;

  private final Mlx mlx;
  private final Sizes sizes;
  private final int capacity;
  private final Map<String, MlxArray> weights = new HashMap<>();
  private final List<MlxArray> caches = new ArrayList<>();

  record Sizes(int layers, int width, int inner, int vocabulary) {
    int heads() {
      return width / HEAD;
    }

    int kvHeads() {
      return Math.max(1, heads() / 4);
    }
  }

  private BareLlama(Mlx mlx, Sizes sizes, int capacity) {
    this.mlx = mlx;
    this.sizes = sizes;
    this.capacity = capacity;
  }

  static BareLlama load(Mlx mlx, Sizes sizes, int capacity) throws EngineException {
    BareLlama llama = new BareLlama(mlx, sizes, capacity);
    int kv = sizes.kvHeads() * HEAD;
    llama.add("embed", false, sizes.vocabulary(), sizes.width());
    llama.add("head", true, sizes.vocabulary(), sizes.width());
    llama.add("norm", false, sizes.width());
    for (int layer = 0; layer < sizes.layers(); layer++) {
      llama.add(layer + "norm1", false, sizes.width());
      llama.add(layer + "norm2", false, sizes.width());
      llama.add(layer + "q", true, sizes.width(), sizes.width());
      llama.add(layer + "k", true, kv, sizes.width());
      llama.add(layer + "v", true, kv, sizes.width());
      llama.add(layer + "o", true, sizes.width(), sizes.width());
      llama.add(layer + "gate", true, sizes.inner(), sizes.width());
      llama.add(layer + "up", true, sizes.inner(), sizes.width());
      llama.add(layer + "down", true, sizes.width(), sizes.inner());
    }
    mlx.call(() -> llama.open());
    return llama;
  }

  private void add(String name, boolean matrix, long... shape) throws EngineException {
    ArrayLoader loader = new ArrayLoader(mlx, Mlx.Device.CPU, Integer.MAX_VALUE);
    MlxArray array =
        loader.load(
            new RandomCheckpoint(), Weight.named(name, shape), MlxType.F32, Cancellation.none());
    weights.put(name, matrix ? loader.transposed(array, 1, 0) : array);
    if (matrix) {
      array.close();
    }
  }

  private List<MlxArray> open() {
    try (Recording g = mlx.record(Mlx.Device.CPU)) {
      for (int i = 0; i < 2 * sizes.layers(); i++) {
        caches.add(g.keep(g.zeros(MlxType.F32, 1, sizes.kvHeads(), capacity, HEAD)));
      }
    }
    ByteBuffer periods = ByteBuffer.allocateDirect(HEAD / 2 * 4).order(ByteOrder.nativeOrder());
    for (int i = 0; i < HEAD / 2; i++) {
      periods.putFloat((float) Math.pow(10000, 2.0 * i / HEAD));
    }
    try (Recording g = mlx.record(Mlx.Device.CPU)) {
      weights.put("periods", g.keep(g.copyOf(periods.flip(), MlxType.F32, HEAD / 2)));
    }
    mlx.evaluate(caches);
    return caches;
  }

  /** Appends ids from a position on and computes the logits of the last. */
  void run(int[] ids, int start) throws EngineException {
    mlx.call(
        () -> {
          MlxArray logits;
          try (Recording g = mlx.record(Mlx.Device.CPU)) {
            logits = g.keep(step(g, ids, start));
          }
          List<MlxArray> all = new ArrayList<>(caches);
          all.add(logits);
          mlx.evaluate(all);
          logits.close();
          return ids;
        });
  }

  private MlxArray step(Recording g, int[] ids, int start) {
    int n = ids.length;
    ByteBuffer numbers = ByteBuffer.allocateDirect(8 * n).order(ByteOrder.nativeOrder());
    for (int id : ids) {
      numbers.putInt(id);
    }
    MlxArray tokens = g.copyOf(numbers.flip(), MlxType.I32, n);
    MlxArray positions = g.range(start, start + n);
    MlxArray x = g.take(weights.get("embed"), tokens, 0);
    for (int layer = 0; layer < sizes.layers(); layer++) {
      MlxArray h = g.rmsNorm(x, weights.get(layer + "norm1"), 1e-5);
      x = g.add(x, attention(g, layer, h, positions, start, n));
      h = g.rmsNorm(x, weights.get(layer + "norm2"), 1e-5);
      MlxArray gate = g.matmul(h, weights.get(layer + "gate"));
      MlxArray up = g.matmul(h, weights.get(layer + "up"));
      MlxArray inner = g.multiply(g.multiply(gate, g.sigmoid(gate)), up);
      x = g.add(x, g.matmul(inner, weights.get(layer + "down")));
    }
    MlxArray last = g.slice(x, new int[] {n - 1, 0}, new int[] {n, sizes.width()});
    return g.matmul(g.rmsNorm(last, weights.get("norm"), 1e-5), weights.get("head"));
  }

  private MlxArray attention(
      Recording g, int layer, MlxArray x, MlxArray positions, int start, int n) {
    int end = start + n;
    MlxArray q = rotated(g, g.matmul(x, weights.get(layer + "q")), sizes.heads(), positions, n);
    MlxArray k = rotated(g, g.matmul(x, weights.get(layer + "k")), sizes.kvHeads(), positions, n);
    MlxArray v = byHead(g, g.matmul(x, weights.get(layer + "v")), sizes.kvHeads(), n);
    MlxArray keys = append(g, 2 * layer, k, start, end);
    MlxArray values = append(g, 2 * layer + 1, v, start, end);
    int[] stop = {1, sizes.kvHeads(), end, HEAD};
    MlxArray y =
        g.attention(
            q,
            g.slice(keys, new int[4], stop),
            g.slice(values, new int[4], stop),
            Math.pow(HEAD, -0.5),
            n > 1,
            Optional.empty(),
            Optional.empty());
    MlxArray rows = g.reshape(g.transpose(y, 0, 2, 1, 3), n, sizes.width());
    return g.matmul(rows, weights.get(layer + "o"));
  }

  private MlxArray rotated(Recording g, MlxArray x, int heads, MlxArray positions, int n) {
    MlxArray turned =
        g.rope(g.reshape(x, n, heads, 1, HEAD), HEAD, false, positions, weights.get("periods"));
    return byHead(g, turned, heads, n);
  }

  private static MlxArray byHead(Recording g, MlxArray x, int heads, int n) {
    return g.transpose(g.reshape(x, 1, n, heads, HEAD), 0, 2, 1, 3);
  }

  private MlxArray append(Recording g, int index, MlxArray rows, int start, int end) {
    MlxArray before = caches.get(index);
    int[] stop = {1, sizes.kvHeads(), end, HEAD};
    MlxArray after = g.keep(g.update(before, rows, new int[] {0, 0, start, 0}, stop));
    caches.set(index, after);
    before.close();
    return after;
  }

  @Override
  public void close() {
    weights.values().forEach(MlxArray::close);
    caches.forEach(MlxArray::close);
  }
}
