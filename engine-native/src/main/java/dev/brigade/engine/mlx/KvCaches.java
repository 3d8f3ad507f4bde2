package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Mlx;
import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.engine.mlx.binding.Recording;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.engine.KvMemory;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The caches of a shard's sequences, one for each layer; all of one element type. */
final class KvCaches implements KvMemory<List<KvCache>> {
  private final Mlx mlx;
  private final Mlx.Device device;
  private final MlxType type;
  private final List<KvShape> shapes;

  KvCaches(Mlx mlx, Mlx.Device device, MlxType type, List<KvShape> shapes) {
    this.mlx = mlx;
    this.device = device;
    this.type = type;
    this.shapes = List.copyOf(shapes);
  }

  @Override
  public long bytes(int capacity) {
    return shapes.stream().mapToLong(KvShape::elements).sum() * type.bytes() * capacity;
  }

  @Override
  public List<KvCache> allocate(SequenceSpec spec) throws EngineException {
    int capacity = spec.capacity();
    return mlx.call(
        () -> {
          List<MlxArray> arrays = new ArrayList<>();
          try (Recording g = mlx.record(device)) {
            for (KvShape kv : shapes) {
              arrays.add(g.zeros(type, 1, kv.heads(), capacity, kv.keyWidth()));
              arrays.add(g.zeros(type, 1, kv.heads(), capacity, kv.valueWidth()));
            }
            mlx.evaluate(arrays);
            arrays.forEach(g::keep);
          }
          List<KvCache> caches = new ArrayList<>();
          for (int i = 0; i < arrays.size(); i += 2) {
            caches.add(new KvCache(arrays.get(i), arrays.get(i + 1)));
          }
          return caches;
        });
  }

  @Override
  public void free(List<KvCache> caches) {
    caches.forEach(KvCache::close);
  }

  @Override
  public void copy(List<KvCache> from, List<KvCache> to, int tokens) throws EngineException {
    for (int i = 0; i < from.size(); i++) {
      KvCache source = from.get(i);
      replace(
          to.get(i),
          0,
          tokens,
          g -> tokens(g, source.keys(), 0, tokens),
          g -> tokens(g, source.values(), 0, tokens));
    }
  }

  @Override
  public void read(List<KvCache> caches, int layer, int from, Tensor keys, Tensor values)
      throws EngineException {
    mlx.call(
        () -> {
          readInto(caches.get(layer).keys(), from, keys);
          readInto(caches.get(layer).values(), from, values);
          return caches;
        });
  }

  private void readInto(MlxArray cache, int from, Tensor target) {
    int to = from + target.size(0);
    try (Recording g = mlx.record(device)) {
      MlxArray byToken = g.transpose(tokens(g, cache, from, to), 0, 2, 1, 3);
      MlxArray rows = g.contiguous(g.cast(byToken, MlxType.F32));
      mlx.evaluate(List.of(rows));
      rows.copyTo(target.bytes());
    }
  }

  @Override
  public void write(List<KvCache> caches, int layer, int from, Tensor keys, Tensor values)
      throws EngineException {
    int to = from + keys.size(0);
    replace(caches.get(layer), from, to, g -> byHead(g, keys), g -> byHead(g, values));
  }

  private MlxArray byHead(Recording g, Tensor rows) {
    MlxArray copy =
        g.copyOf(rows.bytes(), MlxType.F32, 1, rows.size(0), rows.size(1), rows.size(2));
    return g.cast(g.transpose(copy, 0, 2, 1, 3), type);
  }

  @FunctionalInterface
  private interface Entries {
    MlxArray record(Recording g);
  }

  private void replace(KvCache cache, int from, int to, Entries keys, Entries values)
      throws EngineException {
    if (from == to) {
      return;
    }
    mlx.call(
        () -> {
          try (Recording g = mlx.record(device)) {
            MlxArray newKeys = updated(g, cache.keys(), keys.record(g), from, to);
            MlxArray newValues = updated(g, cache.values(), values.record(g), from, to);
            cache.replace(g.keep(newKeys), g.keep(newValues));
          }
          mlx.evaluate(List.of(cache.keys(), cache.values()));
          return cache;
        });
  }

  private static MlxArray updated(Recording g, MlxArray cache, MlxArray entries, int from, int to) {
    return g.update(
        cache, entries, new int[] {0, 0, from, 0}, new int[] {1, cache.size(1), to, cache.size(3)});
  }

  private static MlxArray tokens(Recording g, MlxArray cache, int from, int to) {
    return g.slice(
        cache, new int[] {0, 0, from, 0}, new int[] {1, cache.size(1), to, cache.size(3)});
  }
}
