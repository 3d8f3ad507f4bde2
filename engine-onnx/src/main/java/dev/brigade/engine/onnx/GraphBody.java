package dev.brigade.engine.onnx;

import dev.brigade.engine.onnx.graph.Attribute;
import dev.brigade.engine.onnx.graph.ElementType;
import dev.brigade.engine.onnx.graph.Graph;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.weights.Weight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The graph of a shard while a recipe is replayed: what it takes in besides its input, and what it
 * asks to be loaded.
 */
final class GraphBody {
  /** Rows to give logits of, {@code [outputs]}. */
  static final String OUTPUT_ROWS = "output_rows";

  /** How many sequences the rows are of, {@code [1]}. */
  static final String BATCH = "batch";

  /** Position of each sequence's last row, {@code [batch]}. */
  static final String LAST_POSITIONS = "last_positions";

  /** Largest length of a sequence after the run, {@code [1]}. */
  static final String TOTAL = "total";

  /** Position of each row, {@code [batch, rows of each]}. */
  static final String POSITIONS = "positions";

  private final Graph graph = new Graph();
  private final String placeholder;
  private final Map<Operand, List<String>> operands = new LinkedHashMap<>();
  private final Map<RopeSpec, String> rotations = new LinkedHashMap<>();
  private final Map<Integer, KvLayout> caches = new TreeMap<>();
  private final Map<Integer, String> batchShapes = new HashMap<>();
  private boolean usesPositions;
  private boolean usesOutputRows;

  /**
   * @param placeholder name of a file that stands for the weights
   */
  GraphBody(String placeholder) {
    this.placeholder = placeholder;
    graph.input(BATCH, ElementType.I64, 1);
    graph.input(LAST_POSITIONS, ElementType.I32, -1);
    graph.input(TOTAL, ElementType.I32, 1);
  }

  Graph graph() {
    return graph;
  }

  /** A weight in f32, in its own shape. */
  String plain(Weight weight) {
    return parts(new Operand(weight, weight.shape(), Packing.F32)).get(0);
  }

  /** Names of the tensors that an operand is kept in. */
  List<String> parts(Operand operand) {
    return operands.computeIfAbsent(
        operand,
        o -> {
          List<String> names = new ArrayList<>();
          for (Packing.Part part : o.parts()) {
            names.add(graph.external(graph.name("weight"), part.type(), part.shape(), placeholder));
          }
          return List.copyOf(names);
        });
  }

  String outputRows() {
    if (!usesOutputRows) {
      usesOutputRows = true;
      graph.input(OUTPUT_ROWS, ElementType.I64, -1);
    }
    return OUTPUT_ROWS;
  }

  String positions() {
    if (!usesPositions) {
      usesPositions = true;
      graph.input(POSITIONS, ElementType.I64, -1, -1);
    }
    return POSITIONS;
  }

  /** Name of the table of cosines of a rotation; the sines are beside it. */
  String cosines(RopeSpec spec) {
    return "cos" + rotation(spec);
  }

  /** Name of the table of sines of a rotation. */
  String sines(RopeSpec spec) {
    return "sin" + rotation(spec);
  }

  private String rotation(RopeSpec spec) {
    // Only frequencies and magnitude matter to the table.
    RopeSpec table =
        new RopeSpec(
            2 * spec.rotation().frequencies().size(),
            0,
            RopeSpec.Pairing.HALVES,
            spec.rotation(),
            spec.beyond());
    return rotations.computeIfAbsent(
        table,
        key -> {
          String number = Integer.toString(rotations.size());
          int pairs = key.rotation().frequencies().size();
          graph.input("cos" + number, ElementType.F32, -1, pairs);
          graph.input("sin" + number, ElementType.F32, -1, pairs);
          return number;
        });
  }

  static String keys(int layer) {
    return "keys" + layer;
  }

  static String values(int layer) {
    return "values" + layer;
  }

  static String present(String cache) {
    return "present_" + cache;
  }

  /** Declares a layer's cache. */
  void cache(int layer, KvLayout layout) {
    if (caches.put(layer, layout) != null) {
      throw new IllegalStateException("layer " + layer + " attends twice");
    }
    for (String name : List.of(keys(layer), values(layer))) {
      long heads = layout.kv().heads();
      graph.input(name, ElementType.F32, -1, heads, -1, layout.width());
      graph.output(present(name), ElementType.F32, -1, heads, -1, layout.width());
    }
  }

  /** The shape {@code [batch, rows of each, width]}. */
  String batchShape(int width) {
    return batchShapes.computeIfAbsent(
        width,
        w -> graph.node("Concat", List.of(BATCH, graph.wholes(-1, w)), Attribute.of("axis", 0)));
  }

  Map<Operand, List<String>> operands() {
    return operands;
  }

  List<RopeSpec> rotations() {
    return List.copyOf(rotations.keySet());
  }

  Map<Integer, KvLayout> caches() {
    return caches;
  }

  boolean usesPositions() {
    return usesPositions;
  }

  boolean usesOutputRows() {
    return usesOutputRows;
  }
}
