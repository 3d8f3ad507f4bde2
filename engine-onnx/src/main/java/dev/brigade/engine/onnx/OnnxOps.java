package dev.brigade.engine.onnx;

import dev.brigade.engine.onnx.graph.Attribute;
import dev.brigade.engine.onnx.graph.ElementType;
import dev.brigade.engine.onnx.graph.Graph;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.AttentionSpec;
import dev.brigade.model.decoder.ExpertStacks;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.decoder.TensorOps;
import dev.brigade.model.weights.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Notes a recipe's operations as nodes of an ONNX graph, all in f32. */
final class OnnxOps implements TensorOps<Value> {
  private final GraphBody body;
  private final Graph graph;
  private final Packing packing;
  private final Set<Weight> exact;
  private final int mostSeparateExperts;
  private final LinearNodes linear;
  private final AttentionNodes attention;
  private final ActivationNodes activations;

  /**
   * @param packing of the matrices
   * @param exact matrices to keep in f32 whatever the packing: routers
   * @param mostSeparateExperts most experts of a layer that are nodes of their own
   */
  OnnxOps(GraphBody body, Packing packing, Set<Weight> exact, int mostSeparateExperts) {
    this.body = body;
    this.graph = body.graph();
    this.packing = packing;
    this.exact = exact;
    this.mostSeparateExperts = mostSeparateExperts;
    linear = new LinearNodes(body);
    attention = new AttentionNodes(body);
    activations = new ActivationNodes(graph);
  }

  private String name(Value x) {
    return attention.rotated(x).name();
  }

  private String reshape(String x, long... shape) {
    return graph.node("Reshape", List.of(x, graph.wholes(shape)));
  }

  private static int size(Weight weight, int dimension) {
    return Math.toIntExact(weight.shape().get(dimension));
  }

  // ---- rows in, rows out ----------------------------------------------------------------------

  @Override
  public Value embedding(Weight table, Value ids) {
    return new Value(linear.rows(ids.name(), table), size(table, 1));
  }

  @Override
  public Value linear(Value x, Weight weight) {
    return linear(x, weight, Optional.empty());
  }

  @Override
  public Value linear(Value x, Weight weight, Weight bias) {
    return linear(x, weight, Optional.of(bias));
  }

  private Value linear(Value x, Weight weight, Optional<Weight> bias) {
    Packing kept = exact.contains(weight) ? Packing.F32 : packing;
    String y = linear.product(graph, name(x), weight, bias, kept);
    return new Value(y, size(weight, 0));
  }

  @Override
  public Value addRow(Value x, Weight row) {
    return new Value(graph.node("Add", List.of(name(x), body.plain(row))), x.width());
  }

  @Override
  public Value rmsNorm(Value x, Weight weight, double epsilon) {
    int run = size(weight, 0);
    boolean whole = run == x.width();
    String runs = whole ? name(x) : reshape(name(x), -1, run);
    String y =
        graph.node(
            "SimplifiedLayerNormalization",
            List.of(runs, body.plain(weight)),
            Attribute.of("axis", -1),
            Attribute.of("epsilon", (float) epsilon));
    return new Value(whole ? y : reshape(y, -1, x.width()), x.width());
  }

  @Override
  public Value columns(Value x, int from, int to) {
    String y =
        graph.node(
            "Slice", List.of(name(x), graph.wholes(from), graph.wholes(to), graph.wholes(1)));
    return new Value(y, to - from);
  }

  @Override
  public Value concat(List<Value> parts) {
    List<String> names = parts.stream().map(this::name).toList();
    int width = parts.stream().mapToInt(Value::width).sum();
    return new Value(graph.node("Concat", names, Attribute.of("axis", 1)), width);
  }

  // ---- element by element ---------------------------------------------------------------------

  @Override
  public Value add(Value a, Value b) {
    return joined("Add", a, b);
  }

  @Override
  public Value multiply(Value a, Value b) {
    return joined("Mul", a, b);
  }

  @Override
  public Value divide(Value a, Value b) {
    return joined("Div", a, b);
  }

  private Value joined(String operator, Value a, Value b) {
    return new Value(graph.node(operator, List.of(name(a), name(b))), a.width());
  }

  @Override
  public Value scale(Value x, double factor) {
    return new Value(graph.node("Mul", List.of(name(x), graph.real(factor))), x.width());
  }

  @Override
  public Value clamp(Value x, double low, double high) {
    return new Value(activations.clamp(name(x), low, high), x.width());
  }

  @Override
  public Value silu(Value x) {
    return new Value(activations.silu(name(x)), x.width());
  }

  @Override
  public Value gelu(Value x) {
    return new Value(activations.gelu(name(x)), x.width());
  }

  @Override
  public Value sigmoid(Value x) {
    return new Value(graph.node("Sigmoid", List.of(name(x))), x.width());
  }

  @Override
  public Value tanh(Value x) {
    return new Value(graph.node("Tanh", List.of(name(x))), x.width());
  }

  @Override
  public Value gated(Value gate, Value up, Activation activation) {
    return new Value(activations.gated(name(gate), name(up), activation), gate.width());
  }

  // ---- routing --------------------------------------------------------------------------------

  @Override
  public Value softmax(Value x) {
    return new Value(graph.node("Softmax", List.of(name(x)), Attribute.of("axis", -1)), x.width());
  }

  @Override
  public Value sum(Value x) {
    return new Value(graph.node("ReduceSum", List.of(name(x), graph.wholes(1))), 1);
  }

  @Override
  public TopK<Value> topK(Value x, int k) {
    List<String> both =
        graph.node(
            Graph.STANDARD, "TopK", List.of(name(x), graph.wholes(k)), 2, Attribute.of("axis", -1));
    return new TopK<>(new Value(both.get(0), k), new Value(both.get(1), k));
  }

  @Override
  public Value gather(Value x, Value ids) {
    String y = graph.node("GatherElements", List.of(name(x), ids.name()), Attribute.of("axis", 1));
    return new Value(y, ids.width());
  }

  @Override
  public Value keepGroups(Value x, Value chosen, int groups, double fill) {
    String cube = reshape(name(x), -1, groups, x.width() / groups);
    String heads = graph.node("Shape", List.of(cube), Attribute.of("end", 2));
    String none = graph.node("Expand", List.of(graph.real(0), heads));
    String ones =
        graph.node("Expand", List.of(graph.real(1), graph.node("Shape", List.of(chosen.name()))));
    String marks =
        graph.node("ScatterElements", List.of(none, chosen.name(), ones), Attribute.of("axis", 1));
    String kept =
        graph.node(
            "Unsqueeze", List.of(graph.node("Cast", List.of(marks), boolType()), graph.wholes(2)));
    String y = graph.node("Where", List.of(kept, cube, graph.real(fill)));
    return new Value(reshape(y, -1, x.width()), x.width());
  }

  private static Attribute boolType() {
    return Attribute.of("to", ElementType.BOOL.code());
  }

  @Override
  public Value experts(
      Value x, Value ids, Value weights, ExpertStacks stacks, Activation activation) {
    boolean many = stacks.experts() > mostSeparateExperts;
    String y =
        many && StackedExpertNodes.canMix(stacks, activation, packing)
            ? new StackedExpertNodes(body, packing)
                .mix(name(x), ids.name(), ids.width(), name(weights), stacks, activation)
            : new SeparateExpertNodes(body, linear, packing)
                .mix(name(x), ids.name(), name(weights), stacks, activation);
    return new Value(y, x.width());
  }

  // ---- what knows sequences and positions -----------------------------------------------------

  @Override
  public Value rope(Value x, RopeSpec spec) {
    return attention.rotated(x).toBeRotated(spec);
  }

  @Override
  public Value attention(int layer, Value q, Value k, Value v, AttentionSpec spec) {
    return attention.attend(layer, q, k, v, spec);
  }

  @Override
  public Value joinHeads(Value a, Value b, int heads, boolean bShared) {
    int n = a.width() / heads;
    int m = bShared ? b.width() : b.width() / heads;
    String left = reshape(name(a), -1, heads, n);
    String right = reshape(name(b), -1, bShared ? 1 : heads, m);
    List<String> parts = new ArrayList<>(List.of(left, right));
    if (bShared) {
      parts.set(1, graph.node("Expand", List.of(right, graph.wholes(1, heads, m))));
    }
    String joined = graph.node("Concat", parts, Attribute.of("axis", 2));
    return new Value(reshape(joined, -1, (long) heads * (n + m)), heads * (n + m));
  }

  @Override
  public Value outputs(Value x) {
    String y = graph.node("Gather", List.of(name(x), body.outputRows()), Attribute.of("axis", 0));
    return new Value(y, x.width());
  }
}
