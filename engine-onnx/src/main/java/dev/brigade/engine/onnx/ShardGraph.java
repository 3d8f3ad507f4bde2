package dev.brigade.engine.onnx;

import dev.brigade.engine.onnx.graph.ElementType;
import dev.brigade.engine.onnx.graph.Graph;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.Shard;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

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

  /** Replays the recipe: once to see what routes, and once to write. */
  static ShardGraph of(Decoder decoder, Shard shard, Packing packing, String placeholder) {
    Set<Weight> exact = Set.of();
    if (packing.isQuantised()) {
      OnnxOps draft = new OnnxOps(new GraphBody(placeholder), packing, Set.of());
      replay(decoder, shard, draft, new Graph());
      exact = draft.decisive();
    }
    GraphBody body = new GraphBody(placeholder);
    Value y = replay(decoder, shard, new OnnxOps(body, packing, exact), body.graph());
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

  private static Value replay(Decoder decoder, Shard shard, OnnxOps ops, Graph graph) {
    int width = decoder.shape().width();
    Value input =
        shard.embeds()
            ? new Value(graph.input(INPUT, ElementType.I32, -1), 0)
            : new Value(graph.input(INPUT, ElementType.F32, -1, width), width);
    return decoder.shard(ops, shard.first(), shard.last(), input);
  }
}
