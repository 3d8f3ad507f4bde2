package dev.brigade.engine.mlx.bench;

import dev.brigade.engine.mlx.MlxArrays;
import dev.brigade.engine.mlx.binding.Mlx;
import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.engine.mlx.binding.Recording;
import dev.brigade.model.bench.Baseline;
import dev.brigade.model.bench.PlainLlama;
import dev.brigade.model.bench.PlainLlama.Part;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One sequence of a Llama as one would write it for MLX and for nothing else, everything in one
 * element type.
 */
final class BareLlama implements Baseline {
  private final PlainLlama sizes;
  private final Mlx mlx;
  private final Mlx.Device device;
  private final MlxType type;
  private final LlamaArrays weights;
  private final int capacity;
  private final List<MlxArray> caches = new ArrayList<>();
  private Optional<MlxArray> periods = Optional.empty();

  private BareLlama(PlainLlama sizes, MlxArrays arrays, LlamaArrays weights, int capacity) {
    this.sizes = sizes;
    this.weights = weights;
    this.capacity = capacity;
    mlx = arrays.mlx();
    device = arrays.device();
    type = arrays.type();
  }

  /** Takes over the weights, unless it fails. */
  static BareLlama start(PlainLlama sizes, MlxArrays arrays, LlamaArrays weights, int capacity)
      throws EngineException {
    BareLlama llama = new BareLlama(sizes, arrays, weights, capacity);
    llama.mlx.call(llama::open);
    return llama;
  }

  private BareLlama open() {
    int half = sizes.headWidth() / 2;
    ByteBuffer numbers = direct(half);
    for (int i = 0; i < half; i++) {
      numbers.putFloat((float) Math.pow(sizes.theta(), 2.0 * i / sizes.headWidth()));
    }
    try (Recording g = mlx.record(device)) {
      periods = Optional.of(g.keep(g.copyOf(numbers.flip(), MlxType.F32, half)));
      for (int i = 0; i < 2 * sizes.layers(); i++) {
        caches.add(g.keep(g.zeros(type, 1, sizes.kvHeads(), capacity, sizes.headWidth())));
      }
    }
    mlx.evaluate(caches);
    return this;
  }

  @Override
  public void append(int[] ids, int start, Tensor logits) throws EngineException {
    mlx.call(
        () -> {
          try (Recording g = mlx.record(device)) {
            MlxArray last = step(g, ids, start);
            List<MlxArray> wanted = new ArrayList<>(caches);
            wanted.add(last);
            mlx.evaluate(wanted);
            last.copyTo(logits.bytes());
          }
          return logits;
        });
  }

  private MlxArray step(Recording g, int[] ids, int start) {
    int n = ids.length;
    ByteBuffer numbers = direct(n);
    for (int id : ids) {
      numbers.putInt(id);
    }
    MlxArray tokens = g.copyOf(numbers.flip(), MlxType.I32, n);
    MlxArray positions = g.range(start, start + n);
    MlxArray x = g.take(weights.plain(sizes.embedding()), tokens, 0);
    for (int layer = 0; layer < sizes.layers(); layer++) {
      x = g.add(x, attention(g, layer, norm(g, x, layer, Part.INPUT_NORM), positions, start, n));
      MlxArray h = norm(g, x, layer, Part.POST_NORM);
      MlxArray gate = linear(g, h, layer, Part.GATE);
      MlxArray up = linear(g, h, layer, Part.UP);
      MlxArray inner = g.multiply(g.multiply(gate, g.sigmoid(gate)), up);
      x = g.add(x, linear(g, inner, layer, Part.DOWN));
    }
    MlxArray last = g.slice(x, new int[] {n - 1, 0}, new int[] {n, sizes.width()});
    MlxArray normed = g.kernels().rmsNorm(last, weights.plain(sizes.norm()), sizes.epsilon());
    return g.cast(weights.linear(g, normed, sizes.head()), MlxType.F32);
  }

  private MlxArray norm(Recording g, MlxArray x, int layer, Part part) {
    return g.kernels().rmsNorm(x, weights.plain(sizes.of(layer, part)), sizes.epsilon());
  }

  private MlxArray linear(Recording g, MlxArray x, int layer, Part part) {
    return weights.linear(g, x, sizes.of(layer, part));
  }

  private MlxArray attention(
      Recording g, int layer, MlxArray x, MlxArray positions, int start, int n) {
    int end = start + n;
    MlxArray q = rotated(g, linear(g, x, layer, Part.Q), sizes.heads(), positions, n);
    MlxArray k = rotated(g, linear(g, x, layer, Part.K), sizes.kvHeads(), positions, n);
    MlxArray v = byHead(g, linear(g, x, layer, Part.V), sizes.kvHeads(), n);
    MlxArray keys = append(g, 2 * layer, k, start, end);
    MlxArray values = append(g, 2 * layer + 1, v, start, end);
    int[] stop = {1, sizes.kvHeads(), end, sizes.headWidth()};
    MlxArray y =
        g.kernels()
            .attention(
                q,
                g.slice(keys, new int[4], stop),
                g.slice(values, new int[4], stop),
                Math.pow(sizes.headWidth(), -0.5),
                n > 1,
                Optional.empty(),
                Optional.empty());
    MlxArray rows = g.reshape(g.transpose(y, 0, 2, 1, 3), n, sizes.heads() * sizes.headWidth());
    return linear(g, rows, layer, Part.O);
  }

  private MlxArray rotated(Recording g, MlxArray x, int heads, MlxArray positions, int n) {
    MlxArray apart = g.reshape(x, n, heads, 1, sizes.headWidth());
    MlxArray turned =
        g.kernels().rope(apart, sizes.headWidth(), false, positions, periods.orElseThrow());
    return byHead(g, turned, heads, n);
  }

  private MlxArray byHead(Recording g, MlxArray x, int heads, int n) {
    return g.transpose(g.reshape(x, 1, n, heads, sizes.headWidth()), 0, 2, 1, 3);
  }

  private MlxArray append(Recording g, int index, MlxArray rows, int start, int end) {
    MlxArray before = caches.get(index);
    int[] from = {0, 0, start, 0};
    int[] to = {1, sizes.kvHeads(), end, sizes.headWidth()};
    MlxArray after = g.keep(g.update(before, rows, from, to));
    caches.set(index, after);
    before.close();
    return after;
  }

  private static ByteBuffer direct(int numbers) {
    return ByteBuffer.allocateDirect(4 * numbers).order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    weights.close();
    caches.forEach(MlxArray::close);
    caches.clear();
    periods.ifPresent(MlxArray::close);
    periods = Optional.empty();
    mlx.memory().clearCache();
  }
}
