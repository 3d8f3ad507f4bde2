package dev.brigade.spi.partition;

import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

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
 * @param layerReads elements of each layer's weights that a token goes through; fewer than there
 *     are where each token has a choice of experts
 * @param storedBytesPerWeight of weights that the files hold quantised in groups, scales included;
 *     empty if they do not
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
    boolean tied,
    List<Long> layerReads,
    OptionalDouble storedBytesPerWeight) {
  public ModelShape {
    layerWeights = List.copyOf(layerWeights);
    layerKv = List.copyOf(layerKv);
    layerReads = List.copyOf(layerReads);
    int layers = layerWeights.size();
    if (layers == 0 || layerKv.size() != layers || layerReads.size() != layers) {
      throw new IllegalArgumentException(
          "model shape has %d layers, KV for %d, and reads for %d"
              .formatted(layers, layerKv.size(), layerReads.size()));
    }
  }

  /** Of a model without experts whose files hold no groups. */
  public ModelShape(
      ModelRef model,
      int width,
      int vocabulary,
      int contextLimit,
      List<Long> layerWeights,
      List<Long> layerKv,
      long embeddingWeights,
      long headWeights,
      boolean tied) {
    this(
        model,
        width,
        vocabulary,
        contextLimit,
        layerWeights,
        layerKv,
        embeddingWeights,
        headWeights,
        tied,
        layerWeights,
        OptionalDouble.empty());
  }

  /**
   * What a precision costs with this model: an engine that keeps groups as they are stored takes
   * their bytes, whatever the precision.
   *
   * @return empty if the engine lacks the precision
   */
  public Optional<EngineProfile.Cost> cost(EngineProfile profile, Precision precision) {
    Optional<EngineProfile.Cost> cost = profile.cost(precision);
    return profile.keepsGroups() && storedBytesPerWeight.isPresent()
        ? cost.map(general -> general.withBytesPerWeight(storedBytesPerWeight.getAsDouble()))
        : cost;
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

  /**
   * Weight elements of layers {@code [first, last)} that a token goes through: of the embedding it
   * reads one row, of the head all.
   */
  public long reads(int first, int last) {
    long sum = layerReads.subList(first, last).stream().mapToLong(Long::longValue).sum();
    return last == layers() ? sum + headWeights : sum;
  }

  /** KV elements per token of layers {@code [first, last)}. */
  public long kv(int first, int last) {
    return layerKv.subList(first, last).stream().mapToLong(Long::longValue).sum();
  }
}
