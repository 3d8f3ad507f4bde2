package dev.brigade.engine.onnx;

import dev.brigade.engine.onnx.graph.Attribute;
import dev.brigade.engine.onnx.graph.Graph;
import dev.brigade.model.decoder.Activation;
import java.util.List;

/** Element-wise functions within a graph or a body of it. */
record ActivationNodes(Graph graph) {

  String silu(String x) {
    return sigmoidTimes(x, 1);
  }

  /** {@code x * sigmoid(alpha * x)}. */
  private String sigmoidTimes(String x, double alpha) {
    return graph.contrib("QuickGelu", List.of(x), Attribute.of("alpha", (float) alpha));
  }

  String gelu(String x) {
    return graph.node("Gelu", List.of(x), Attribute.of("approximate", "tanh"));
  }

  String clamp(String x, double low, double high) {
    String least = low == Double.NEGATIVE_INFINITY ? "" : graph.real(low);
    return high == Double.POSITIVE_INFINITY
        ? graph.node("Clip", List.of(x, least))
        : graph.node("Clip", List.of(x, least, graph.real(high)));
  }

  /** Joins the two projections of a gated feed-forward block. */
  String gated(String gate, String up, Activation activation) {
    if (activation instanceof Activation.Swiglu) {
      return graph.node("Mul", List.of(silu(gate), up));
    } else if (activation instanceof Activation.Geglu) {
      return graph.node("Mul", List.of(gelu(gate), up));
    }
    Activation.ClampedSwiglu clamped = (Activation.ClampedSwiglu) activation;
    String g = clamp(gate, Double.NEGATIVE_INFINITY, clamped.limit());
    String u = clamp(up, -clamped.limit(), clamped.limit());
    String glu = sigmoidTimes(g, clamped.alpha());
    return graph.node("Mul", List.of(graph.node("Add", List.of(u, graph.real(1))), glu));
  }
}
