package dev.brigade.cluster.plan;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.Demand;
import dev.brigade.spi.partition.ModelShape;
import dev.brigade.spi.transport.NodeInfo;
import java.util.List;
import java.util.Optional;

/** What layers of a model take of a node's memory. */
final class StageCosts {
  /** Most bytes and rows of one chunk of a prompt, as {@code Pipeline} cuts them. */
  private static final long CHUNK_BYTES = 512 * 1024;

  private static final long MAX_CHUNK_ROWS = 512;

  private final ModelShape model;
  private final Demand demand;
  private final long[] weightsBefore;
  private final long[] readsBefore;
  private final long[] kvBefore;

  StageCosts(ModelShape model, Demand demand) {
    this.model = model;
    this.demand = demand;
    weightsBefore = sumsBefore(model.layerWeights());
    readsBefore = sumsBefore(model.layerReads());
    kvBefore = sumsBefore(model.layerKv());
  }

  private static long[] sumsBefore(List<Long> values) {
    long[] sums = new long[values.size() + 1];
    for (int i = 0; i < values.size(); i++) {
      sums[i + 1] = sums[i] + values.get(i);
    }
    return sums;
  }

  /** The precision that the node's engine would use: the first wanted that it has. */
  Optional<EngineProfile.Cost> cost(NodeInfo node) {
    List<Precision> wanted = demand.precisions();
    if (wanted.isEmpty()) {
      return model.cost(node.profile(), node.profile().precisions().get(0));
    }
    return wanted.stream()
        .flatMap(precision -> model.cost(node.profile(), precision).stream())
        .findFirst();
  }

  /** Weights, KV caches of the demand, activations, and the engine itself. */
  long bytes(NodeInfo node, EngineProfile.Cost cost, int first, int last) {
    return weightBytes(cost, first, last)
        + kvBytes(cost, first, last)
        + activationBytes(last)
        + node.profile().runtimeBytes();
  }

  /** Weights of layers {@code [first, last)}, with embedding and head where they belong. */
  long weightBytes(EngineProfile.Cost cost, int first, int last) {
    return (long) Math.ceil(weights(first, last) * cost.bytesPerWeight());
  }

  /** Weight elements, as {@link ModelShape#weights} counts them, in constant time. */
  long weights(int first, int last) {
    long sum = weightsBefore[last] - weightsBefore[first];
    boolean embeds = first == 0;
    if (embeds) {
      sum += model.embeddingWeights();
    }
    if (last == model.layers()) {
      sum += model.headWeights() - (embeds && model.tied() ? model.embeddingWeights() : 0);
    }
    return sum;
  }

  /** Weight elements that a token goes through, as {@link ModelShape#reads}, in constant time. */
  long weightsRead(int first, int last) {
    long sum = readsBefore[last] - readsBefore[first];
    return last == model.layers() ? sum + model.headWeights() : sum;
  }

  /** KV caches of all sequences of the demand, each as long as its context. */
  long kvBytes(EngineProfile.Cost cost, int first, int last) {
    double tokens = (double) demand.context() * demand.sequences();
    return (long) Math.ceil(kv(first, last) * cost.bytesPerKvElement() * tokens);
  }

  /** KV elements per token. */
  long kv(int first, int last) {
    return kvBefore[last] - kvBefore[first];
  }

  /** The hidden states that go into and out of a pass, and a row of logits at the end. */
  long activationBytes(int last) {
    long row = (long) model.width() * DType.F32.bytes();
    long rows = Math.max(1, Math.min(MAX_CHUNK_ROWS, CHUNK_BYTES / row));
    long logits = last == model.layers() ? (long) model.vocabulary() * DType.F32.bytes() : 0;
    return 2 * rows * row + logits;
  }

  /** Layers {@code [first, last)} with what goes along, for a person to read. */
  String describe(EngineProfile.Cost cost, int first, int last) {
    return "layers [%d, %d) in %s with KV for %d x %d tokens"
        .formatted(first, last, cost.precision(), demand.sequences(), demand.context());
  }
}
