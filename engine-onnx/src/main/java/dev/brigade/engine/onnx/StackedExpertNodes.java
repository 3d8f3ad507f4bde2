package dev.brigade.engine.onnx;

import dev.brigade.engine.onnx.graph.Attribute;
import dev.brigade.engine.onnx.graph.Graph;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.ExpertStacks;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A mixture of many experts as one {@code MoE} or {@code QMoE}. The operator wants to route by
 * itself, by a softmax over what it is given: logarithms of the shares of those that were chosen,
 * and next to nothing for all others, come out of it as the shares divided by their sum.
 */
final class StackedExpertNodes {
  private static final double NOT_CHOSEN = -1e9;
  private static final double LEAST_SHARE = 1e-30;

  private final GraphBody body;
  private final Graph graph;
  private final Packing packing;

  StackedExpertNodes(GraphBody body, Packing packing) {
    this.body = body;
    this.graph = body.graph();
    this.packing = kept(packing);
  }

  /** Whether the operator can run these experts, and Java can look at their stacks. */
  static boolean canMix(ExpertStacks stacks, Activation activation, Packing packing) {
    Packing kept = kept(packing);
    long width = stacks.gate().shape().get(2);
    long inner = stacks.gate().shape().get(1);
    boolean wholeBlocks = width % Packing.BLOCK == 0 && inner % Packing.BLOCK == 0;
    return !(activation instanceof Activation.Geglu)
        && (wholeBlocks || !kept.isQuantised())
        && gateAndUp(stacks, kept).bytes() < Integer.MAX_VALUE;
  }

  /**
   * Experts keep 8 bits at least: with 4, the operator unpacks whole matrices for every token,
   * which takes several times as long as reading twice the bytes.
   */
  private static Packing kept(Packing packing) {
    return packing.bits() == 4 ? Packing.INT8 : packing;
  }

  private static Operand gateAndUp(ExpertStacks stacks, Packing packing) {
    return Operand.woven(stacks.gate(), stacks.up(), packing);
  }

  /** {@code Σ_j weights[row, j] * expert(ids[row, j], x[row])}. */
  String mix(
      String x, String ids, int k, String weights, ExpertStacks stacks, Activation activation) {
    List<String> gateAndUp = body.parts(gateAndUp(stacks, packing));
    List<String> down = body.parts(new Operand(stacks.down(), stacks.down().shape(), packing));
    Optional<ExpertStacks.Biases> biases = stacks.biases();
    String gateAndUpBias =
        biases.map(b -> body.parts(Operand.woven(b.gate(), b.up(), Packing.F32)).get(0)).orElse("");
    String downBias = biases.map(ExpertStacks.Biases::down).map(body::plain).orElse("");
    List<String> inputs = new ArrayList<>(List.of(x, scores(x, ids, weights, stacks.experts())));
    if (packing.isQuantised()) {
      inputs.addAll(List.of(gateAndUp.get(0), gateAndUp.get(1), gateAndUpBias));
      inputs.addAll(List.of(down.get(0), down.get(1), downBias));
    } else {
      inputs.addAll(List.of(gateAndUp.get(0), gateAndUpBias, down.get(0), downBias));
    }
    String y =
        graph.contrib(packing.isQuantised() ? "QMoE" : "MoE", inputs, attributes(k, activation));
    String sum = graph.node("ReduceSum", List.of(weights, graph.wholes(1)));
    return graph.node("Mul", List.of(y, sum));
  }

  private String scores(String x, String ids, String weights, int experts) {
    String rows = graph.node("Shape", List.of(x), Attribute.of("end", 1));
    String shape =
        graph.node("Concat", List.of(rows, graph.wholes(experts)), Attribute.of("axis", 0));
    String none = graph.node("Expand", List.of(graph.real(NOT_CHOSEN), shape));
    String shares = graph.node("Max", List.of(weights, graph.real(LEAST_SHARE)));
    String logarithms = graph.node("Log", List.of(shares));
    return graph.node("ScatterElements", List.of(none, ids, logarithms), Attribute.of("axis", 1));
  }

  private Attribute[] attributes(int k, Activation activation) {
    List<Attribute> attributes =
        new ArrayList<>(
            List.of(
                Attribute.of("k", k),
                Attribute.of("activation_type", "swiglu"),
                Attribute.of("swiglu_fusion", 1),
                Attribute.of("normalize_routing_weights", 1)));
    if (activation instanceof Activation.ClampedSwiglu clamped) {
      attributes.add(Attribute.of("activation_alpha", (float) clamped.alpha()));
      attributes.add(Attribute.of("activation_beta", 1f));
      attributes.add(Attribute.of("swiglu_limit", (float) clamped.limit()));
    } else {
      attributes.add(Attribute.of("activation_alpha", 1f));
      attributes.add(Attribute.of("activation_beta", 0f));
    }
    if (packing.isQuantised()) {
      attributes.add(Attribute.of("expert_weight_bits", packing.bits()));
      attributes.add(Attribute.of("block_size", Packing.BLOCK));
    }
    return attributes.toArray(Attribute[]::new);
  }
}
