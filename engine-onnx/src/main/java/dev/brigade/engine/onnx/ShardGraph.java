package dev.brigade.engine.onnx;

import dev.brigade.engine.onnx.graph.ElementType;
import dev.brigade.engine.onnx.graph.Graph;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.decoder.WeightUse;
import dev.brigade.model.decoder.WeightUses;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.Shard;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One shard of a model as an ONNX graph.
 *
 * @param model the graph as {@code ModelProto}, without weights
 * @param operands the weights it needs, with the names of their tensors in the graph
 * @param rotations whose tables it needs, in the order of their numbers
 * @param caches layout of each layer's cache, by its number within the whole model
 * @param usesPositions whether it wants the position of every row
 * @param usesOutputRows whether it wants to know of which rows to give logits
 */
record ShardGraph(
    byte[] model,
    Map<Operand, List<String>> operands,
    List<RopeSpec> rotations,
    SortedMap<Integer, KvLayout> caches,
    boolean usesPositions,
    boolean usesOutputRows) {
  /** Ids {@code I32 [rows]}, or hidden states {@code F32 [rows, width]}. */
  static final String INPUT = "input";

  /** Logits {@code [outputs, vocabulary]}, or hidden states {@code [rows, width]}. */
  static final String OUTPUT = "output";

  /** Replays the recipe. */
  static ShardGraph of(
      Decoder decoder, Shard shard, Packing packing, String placeholder, int mostSeparateExperts) {
    GraphBody body = new GraphBody(placeholder);
    Value y =
        replay(
            decoder,
            shard,
            new OnnxOps(body, packing, routers(decoder, shard), mostSeparateExperts),
            body.graph());
    Graph graph = body.graph();
    graph.node(Graph.STANDARD, "Identity", List.of(y.name()), List.of(OUTPUT));
    graph.output(OUTPUT, ElementType.F32, -1, y.width());
    return new ShardGraph(
        graph.model(),
        body.operands(),
        body.rotations(),
        new TreeMap<>(body.caches()),
        body.usesPositions(),
        body.usesOutputRows());
  }

  /** What is chosen by rounded scores would go to other experts than it should. */
  private static Set<Weight> routers(Decoder decoder, Shard shard) {
    return WeightUses.ofShard(decoder, shard.first(), shard.last()).entrySet().stream()
        .filter(weight -> weight.getValue().contains(WeightUse.ROUTER))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static Value replay(Decoder decoder, Shard shard, OnnxOps ops, Graph graph) {
    int width = decoder.shape().width();
    Value input =
        shard.embeds()
            ? new Value(graph.input(INPUT, ElementType.I32, -1), 0)
            : new Value(graph.input(INPUT, ElementType.F32, -1, width), width);
    return decoder.shard(ops, shard.first(), shard.last(), input);
  }
}
