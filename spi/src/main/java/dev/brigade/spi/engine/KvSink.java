package dev.brigade.spi.engine;

/** Takes an exported KV cache. */
@FunctionalInterface
public interface KvSink {

  /**
   * Takes one layer; called once for each layer of the shard, ascending.
   *
   * @param layer number within the whole model
   * @param keys {@code F32 [tokens, heads, keyWidth]}, after rotary embedding, valid during the
   *     call
   * @param values {@code F32 [tokens, heads, valueWidth]}, valid during the call
   */
  void layer(int layer, Tensor keys, Tensor values);
}
