package dev.brigade.model.decoder;

/**
 * One architecture with one config: which operations make its embedding, its layers and its head. A
 * pure function of config and layer number; nothing in it depends on token counts, positions or
 * values, so that an engine may replay it once per shard, per shape or per step.
 */
public interface Decoder {

  /** The sizes that anyone outside needs. */
  DecoderShape shape();

  /** What a layer caches. */
  KvShape kv(int layer);

  /** Ids {@code [rows]} to hidden states {@code [rows, width]}. */
  <T> T embed(TensorOps<T> ops, T ids);

  /** One layer: hidden states to hidden states, {@code [rows, width]}. */
  <T> T layer(TensorOps<T> ops, int layer, T x);

  /** Final norm and head: hidden states to logits {@code [rows, vocabulary]}. */
  <T> T head(TensorOps<T> ops, T x);

  /**
   * The layers {@code [first, last)} with embedding and head where they belong: what a shard
   * computes.
   *
   * @param input ids {@code [rows]} if {@code first} is 0, else hidden states
   * @return logits of the rows asked for if {@code last} is the number of layers, else hidden
   *     states
   */
  default <T> T shard(TensorOps<T> ops, int first, int last, T input) {
    T x = first == 0 ? embed(ops, input) : input;
    for (int layer = first; layer < last; layer++) {
      x = layer(ops, layer, x);
    }
    return last == shape().layers() ? head(ops, ops.outputs(x)) : x;
  }
}
