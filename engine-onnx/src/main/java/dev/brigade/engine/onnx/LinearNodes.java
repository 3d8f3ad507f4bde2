package dev.brigade.engine.onnx;

import dev.brigade.engine.onnx.graph.Attribute;
import dev.brigade.engine.onnx.graph.ElementType;
import dev.brigade.engine.onnx.graph.Graph;
import dev.brigade.model.weights.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Products with matrices, and rows of tables. A matrix that takes more than a gibibyte is used in
 * parts, since a Java buffer holds no more than two.
 */
final class LinearNodes {
  private static final long MOST_BYTES = 1L << 30;
  private static final int ACCURACY_INT8 = 4;

  private final GraphBody body;

  LinearNodes(GraphBody body) {
    this.body = body;
  }

  /**
   * {@code x · weightᵀ + bias} within a graph or a body of it.
   *
   * @param weight {@code [out, in]}, or {@code [1, out, in]}
   */
  String product(Graph graph, String x, Weight weight, Optional<Weight> bias, Packing packing) {
    List<Long> shape = matrix(weight);
    List<String> parts = new ArrayList<>();
    long step = rowsAtOnce(shape.get(1) * Float.BYTES);
    int dimension = weight.shape().size() - 2;
    for (long from = 0; from < shape.get(0); from += step) {
      long begin = from;
      long end = Math.min(shape.get(0), from + step);
      boolean whole = end - begin == shape.get(0);
      parts.add(
          part(
              graph,
              x,
              whole ? weight : weight.slice(dimension, begin, end, 1),
              whole ? bias : bias.map(b -> b.slice(dimension, begin, end, 1)),
              packing));
    }
    return parts.size() == 1 ? parts.get(0) : graph.node("Concat", parts, Attribute.of("axis", 1));
  }

  private String part(
      Graph graph, String x, Weight weight, Optional<Weight> bias, Packing packing) {
    List<Long> shape = matrix(weight);
    List<String> operands = body.parts(new Operand(weight, shape, packing));
    Optional<String> added = bias.map(this::vector);
    if (!packing.isQuantised()) {
      List<String> inputs = new ArrayList<>(List.of(x, operands.get(0)));
      added.ifPresent(inputs::add);
      return graph.node("Gemm", inputs, Attribute.of("transB", 1));
    }
    List<String> inputs = new ArrayList<>(List.of(x));
    inputs.addAll(operands);
    String y =
        graph.contrib(
            "MatMulNBits",
            inputs,
            Attribute.of("K", shape.get(1)),
            Attribute.of("N", shape.get(0)),
            Attribute.of("bits", packing.bits()),
            Attribute.of("block_size", Packing.BLOCK),
            Attribute.of("accuracy_level", ACCURACY_INT8));
    return added.isPresent() ? graph.node("Add", List.of(y, added.get())) : y;
  }

  /** A weight as one row of numbers. */
  private String vector(Weight weight) {
    return body.parts(new Operand(weight, List.of(weight.elements()), Packing.F32)).get(0);
  }

  private static List<Long> matrix(Weight weight) {
    int rank = weight.shape().size();
    return weight.shape().subList(rank - 2, rank);
  }

  /** Rows of a table {@code [rows, width]} by their numbers. */
  String rows(String ids, Weight table) {
    long count = table.shape().get(0);
    long step = rowsAtOnce(table.shape().get(1) * Float.BYTES);
    Graph graph = body.graph();
    if (step >= count) {
      return gather(body.plain(table), ids);
    }
    String result = gather(body.plain(table.rows(0, step)), bounded(ids, 0, step));
    for (long from = step; from < count; from += step) {
      long to = Math.min(count, from + step);
      String rows = gather(body.plain(table.rows(from, to)), bounded(ids, from, to));
      String column = graph.node("Unsqueeze", List.of(number(ids), graph.wholes(1)));
      String isHere = graph.node("GreaterOrEqual", List.of(column, graph.whole(from)));
      result = graph.node("Where", List.of(isHere, rows, result));
    }
    return result;
  }

  private String number(String ids) {
    return body.graph().node("Cast", List.of(ids), Attribute.of("to", ElementType.I64.code()));
  }

  private String bounded(String ids, long from, long to) {
    Graph graph = body.graph();
    String shifted = graph.node("Sub", List.of(number(ids), graph.whole(from)));
    return graph.node("Clip", List.of(shifted, graph.whole(0), graph.whole(to - from - 1)));
  }

  private String gather(String table, String ids) {
    return body.graph().node("Gather", List.of(table, ids), Attribute.of("axis", 0));
  }

  private static long rowsAtOnce(long rowBytes) {
    return Math.max(1, MOST_BYTES / rowBytes);
  }
}
