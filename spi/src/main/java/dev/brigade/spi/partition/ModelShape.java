package dev.brigade.spi.partition;

import dev.brigade.spi.engine.ModelRef;
import java.util.List;

/**
 * What a model costs, layer by layer, without its weights.
 *
 * @param model which model
 * @param width elements of a hidden state
 * @param vocabulary elements of a row of logits
 * @param contextLimit most tokens of a sequence
 * @param layerWeights elements of each layer's weights
 * @param layerKv elements that each layer caches per token
 * @param embeddingWeights elements of the embedding table
 * @param headWeights elements of final norm and head; a tied head counts, as a shard with only the
 *     head needs it too
 * @param tied whether a shard that has both embedding and head keeps their table once
 */
public record ModelShape(
    ModelRef model,
    int width,
    int vocabulary,
    int contextLimit,
    List<Long> layerWeights,
    List<Long> layerKv,
    long embeddingWeights,
    long headWeights,
    boolean tied) {
  public ModelShape {
    layerWeights = List.copyOf(layerWeights);
    layerKv = List.copyOf(layerKv);
    if (layerWeights.isEmpty() || layerWeights.size() != layerKv.size()) {
      throw new IllegalArgumentException(
          "model shape has " + layerWeights.size() + " layers and KV for " + layerKv.size());
    }
  }

  /** Number of layers. */
  public int layers() {
    return layerWeights.size();
  }

  /** Weight elements of layers {@code [first, last)}, with embedding and head where they belong. */
  public long weights(int first, int last) {
    long sum = layerWeights.subList(first, last).stream().mapToLong(Long::longValue).sum();
    boolean embeds = first == 0;
    boolean hasHead = last == layers();
    if (embeds) {
      sum += embeddingWeights;
    }
    if (hasHead) {
      sum += embeds && tied ? headWeights - embeddingWeights : headWeights;
    }
    return sum;
  }

  /** KV elements per token of layers {@code [first, last)}. */
  public long kv(int first, int last) {
    return layerKv.subList(first, last).stream().mapToLong(Long::longValue).sum();
  }
}
