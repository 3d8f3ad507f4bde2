package dev.brigade.model.block;

import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.decoder.TensorOps;

/** The half of a layer in which tokens look at those before them. */
public interface Attention {

  /** What it caches. */
  KvShape kv();

  /** {@code [rows, width]} to the same; appends to the cache. */
  <T> T apply(TensorOps<T> ops, T x);
}
