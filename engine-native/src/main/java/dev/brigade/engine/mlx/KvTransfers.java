package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Mlx;
import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.engine.mlx.binding.Recording;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Makes caches, and moves what is in them; all of one element type. */
final class KvTransfers {
  private final Mlx mlx;
  private final Mlx.Device device;
  private final MlxType type;

  KvTransfers(Mlx mlx, Mlx.Device device, MlxType type) {
    this.mlx = mlx;
    this.device = device;
    this.type = type;
  }

  /** Empty caches, one for each shape, their memory taken; all or none. */
  List<KvCache> open(List<KvShape> shapes, int capacity) throws EngineException {
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

  /** Copies the first tokens of one sequence to another. */
  void copy(MlxSequence source, MlxSequence target, int length) throws EngineException {
    if (length == 0) {
      return;
    }
    for (int i = 0; i < source.caches().size(); i++) {
      KvCache from = source.cache(i);
      replace(
          target.cache(i),
          0,
          length,
          g -> tokens(g, from.keys(), 0, length),
          g -> tokens(g, from.values(), 0, length));
    }
  }

  /** Reads tokens from {@code from} on into f32 {@code [tokens, heads, width]}. */
  void read(KvCache cache, int from, Tensor keys, Tensor values) throws EngineException {
    mlx.call(
        () -> {
          readInto(cache.keys(), from, keys);
          readInto(cache.values(), from, values);
          return cache;
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

  /** Writes f32 {@code [tokens, heads, width]} from token {@code from} on. */
  void write(KvCache cache, int from, Tensor keys, Tensor values) throws EngineException {
    replace(cache, from, from + keys.size(0), g -> byHead(g, keys), g -> byHead(g, values));
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
