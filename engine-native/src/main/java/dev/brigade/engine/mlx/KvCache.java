package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.MlxArray;

/**
 * Keys and values of one layer of one sequence, {@code [1, heads, capacity, width]}. Their memory
 * is taken once: a step writes its rows in place, into an array that replaces the one before.
 */
final class KvCache implements AutoCloseable {
  private MlxArray keys;
  private MlxArray values;

  /** Takes over both. */
  KvCache(MlxArray keys, MlxArray values) {
    this.keys = keys;
    this.values = values;
  }

  MlxArray keys() {
    return keys;
  }

  MlxArray values() {
    return values;
  }

  /** Takes over their successors and drops them, so that MLX may write in place. */
  void replace(MlxArray newKeys, MlxArray newValues) {
    close();
    keys = newKeys;
    values = newValues;
  }

  @Override
  public void close() {
    keys.close();
    values.close();
  }
}
