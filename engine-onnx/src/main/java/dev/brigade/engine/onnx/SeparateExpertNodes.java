package dev.brigade.engine.onnx;

import dev.brigade.engine.onnx.graph.Attribute;
import dev.brigade.engine.onnx.graph.ElementType;
import dev.brigade.engine.onnx.graph.Graph;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.ExpertStacks;
import dev.brigade.model.weights.Weight;
import java.util.List;
import java.util.Optional;

/**
 * A mixture of experts as one {@code If} per expert: those that no row chose cost nothing, each
 * works on its rows only, and its matrices are used where they lie.
 */
final class SeparateExpertNodes {
  private final GraphBody body;
  private final Graph graph;
  private final LinearNodes linear;
  private final Packing packing;

  SeparateExpertNodes(GraphBody body, LinearNodes linear, Packing packing) {
    this.body = body;
    this.graph = body.graph();
    this.linear = linear;
    this.packing = packing;
  }

  /** {@code Σ_j weights[row, j] * expert(ids[row, j], x[row])}. */
  String mix(String x, String ids, String weights, ExpertStacks stacks, Activation activation) {
    int experts = stacks.experts();
    String rows = graph.node("Shape", List.of(x), Attribute.of("end", 1));
    String shape =
        graph.node("Concat", List.of(rows, graph.wholes(experts)), Attribute.of("axis", 0));
    String zeros = graph.node("Expand", List.of(graph.real(0), shape));
    String ones = graph.node("Expand", List.of(graph.real(1), graph.node("Shape", List.of(ids))));
    String shares = scatter(zeros, ids, weights);
    String chosen = scatter(zeros, ids, ones);
    String counts = graph.node("ReduceMax", List.of(chosen, graph.wholes(0)), keepNoDimension());
    String used = graph.node("Cast", List.of(counts), Attribute.of("to", ElementType.BOOL.code()));
    List<String> isUsed = split(used, experts, 0);
    List<String> choices = split(chosen, experts, 1);
    List<String> parts = split(shares, experts, 1);
    String sum = graph.node("Mul", List.of(x, graph.real(0)));
    for (int expert = 0; expert < experts; expert++) {
      Expert one = new Expert(stacks, activation, expert);
      sum = ifUsed(isUsed.get(expert), one, x, choices.get(expert), parts.get(expert), sum);
    }
    return sum;
  }

  private String scatter(String zeros, String ids, String values) {
    return graph.node("ScatterElements", List.of(zeros, ids, values), Attribute.of("axis", 1));
  }

  private static Attribute keepNoDimension() {
    return Attribute.of("keepdims", 0);
  }

  private List<String> split(String x, int count, int axis) {
    if (count == 1) {
      return List.of(x);
    }
    return graph.node(
        Graph.STANDARD,
        "Split",
        List.of(x),
        count,
        Attribute.of("axis", axis),
        Attribute.of("num_outputs", count));
  }

  private record Expert(ExpertStacks stacks, Activation activation, int number) {
    Weight of(Weight stack) {
      return stack.slice(0, number, number + 1, 1);
    }
  }

  private String ifUsed(
      String isUsed, Expert expert, String x, String chosen, String share, String sum) {
    Graph then = graph.body();
    String rows =
        then.node(
            "Transpose", // NonZero gives [2, n]: rows and columns, of which there is one.
            List.of(then.node("NonZero", List.of(chosen))));
    String index =
        then.node("Slice", List.of(rows, then.wholes(0), then.wholes(1), then.wholes(1)));
    String flatIndex = then.node("Squeeze", List.of(index, then.wholes(1)));
    String mine = then.node("Gather", List.of(x, flatIndex));
    String mineShare = then.node("Gather", List.of(share, flatIndex));
    String y = then.node("Mul", List.of(feedForward(then, mine, expert), mineShare));
    String added = then.node("ScatterND", List.of(sum, index, y), Attribute.of("reduction", "add"));
    then.output(added, ElementType.F32, -1, -1);
    Graph otherwise = graph.body();
    String same = otherwise.node("Identity", List.of(sum));
    otherwise.output(same, ElementType.F32, -1, -1);
    return graph.node(
        "If",
        List.of(isUsed),
        Attribute.of("then_branch", then),
        Attribute.of("else_branch", otherwise));
  }

  private String feedForward(Graph then, String x, Expert expert) {
    ExpertStacks stacks = expert.stacks();
    Optional<ExpertStacks.Biases> biases = stacks.biases();
    String gate =
        linear.product(
            then, x, expert.of(stacks.gate()), biases.map(b -> expert.of(b.gate())), packing);
    String up =
        linear.product(
            then, x, expert.of(stacks.up()), biases.map(b -> expert.of(b.up())), packing);
    String inner = new ActivationNodes(then).gated(gate, up, expert.activation());
    return linear.product(
        then, inner, expert.of(stacks.down()), biases.map(b -> expert.of(b.down())), packing);
  }
}
