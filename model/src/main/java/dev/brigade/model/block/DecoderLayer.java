package dev.brigade.model.block;

import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.decoder.TensorOps;

/** One layer of a decoder. */
public interface DecoderLayer {

  /** What it caches. */
  KvShape kv();

  /** Hidden states {@code [rows, width]} to hidden states. */
  <T> T apply(TensorOps<T> ops, T x);
}
