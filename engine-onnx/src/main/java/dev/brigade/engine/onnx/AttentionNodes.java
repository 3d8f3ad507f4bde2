package dev.brigade.engine.onnx;

import dev.brigade.engine.onnx.graph.Attribute;
import dev.brigade.engine.onnx.graph.Graph;
import dev.brigade.model.decoder.AttentionSpec;
import dev.brigade.model.decoder.RopeSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What knows sequences and positions: rotary embedding, and attention over caches that {@code
 * GroupQueryAttention} appends to in place.
 */
final class AttentionNodes {
  /** The operator rotates a multiple of this many pairs only. */
  private static final int FUSED_MULTIPLE = 8;

  private final GraphBody body;
  private final Graph graph;

  AttentionNodes(GraphBody body) {
    this.body = body;
    this.graph = body.graph();
  }

  /** The value, rotated if it still has to be. */
  Value rotated(Value x) {
    return x.rotation().map(spec -> new Value(rotate(x, spec), x.width())).orElse(x);
  }

  private String rotate(Value x, RopeSpec spec) {
    int rotated = 2 * spec.rotation().frequencies().size();
    int heads = x.width() / spec.headWidth();
    if (spec.offset() == 0) {
      return flat(rotary(batched(x.name(), x.width()), spec, heads), x.width());
    }
    int rest = spec.headWidth() - spec.offset() - rotated;
    String cube = reshape(x.name(), -1, heads, spec.headWidth());
    List<String> parts =
        new ArrayList<>(
            graph.node(
                Graph.STANDARD,
                "Split",
                List.of(
                    cube,
                    rest > 0
                        ? graph.wholes(spec.offset(), rotated, rest)
                        : graph.wholes(spec.offset(), rotated)),
                rest > 0 ? 3 : 2,
                Attribute.of("axis", 2)));
    String middle = batched(flat(parts.get(1), heads * rotated), heads * rotated);
    RopeSpec whole = new RopeSpec(rotated, 0, spec.pairing(), spec.rotation(), spec.beyond());
    parts.set(1, reshape(rotary(middle, whole, heads), -1, heads, rotated));
    return flat(graph.node("Concat", parts, Attribute.of("axis", 2)), x.width());
  }

  private String rotary(String x, RopeSpec spec, int heads) {
    return graph.contrib(
        "RotaryEmbedding",
        List.of(x, body.positions(), body.cosines(spec), body.sines(spec)),
        Attribute.of("interleaved", interleaved(spec)),
        Attribute.of("num_heads", heads),
        Attribute.of("rotary_embedding_dim", 2L * spec.rotation().frequencies().size()));
  }

  private static long interleaved(RopeSpec spec) {
    return spec.pairing() == RopeSpec.Pairing.INTERLEAVED ? 1 : 0;
  }

  /** Appends keys and values to a layer's cache and attends over it. */
  Value attend(int layer, Value q, Value k, Value v, AttentionSpec spec) {
    Optional<RopeSpec> rope = q.rotation().filter(r -> fuses(r, k, spec));
    Value queries = rope.isPresent() ? q : rotated(q);
    Value keys = rope.isPresent() ? k : rotated(k);
    KvLayout layout = KvLayout.of(spec);
    body.cache(layer, layout);
    int heads = spec.heads();
    int kvHeads = spec.kv().heads();
    int keyWidth = spec.kv().keyWidth();
    int valueWidth = spec.kv().valueWidth();
    List<String> inputs =
        new ArrayList<>(
            List.of(
                padded(queries.name(), heads, keyWidth, layout.width()),
                padded(keys.name(), kvHeads, keyWidth, layout.width()),
                padded(rotated(v).name(), kvHeads, valueWidth, layout.width()),
                GraphBody.keys(layer),
                GraphBody.values(layer),
                GraphBody.LAST_POSITIONS,
                GraphBody.TOTAL));
    inputs.add(rope.map(body::cosines).orElse(""));
    inputs.add(rope.map(body::sines).orElse(""));
    spec.sinks().ifPresent(sinks -> inputs.addAll(List.of("", "", body.plain(sinks))));
    String y = graph.name("attended");
    graph.node(
        Graph.CONTRIB,
        "GroupQueryAttention",
        inputs,
        List.of(
            y,
            GraphBody.present(GraphBody.keys(layer)),
            GraphBody.present(GraphBody.values(layer))),
        attributes(spec, rope));
    int width = heads * valueWidth;
    if (layout.width() == valueWidth) {
      return new Value(flat(y, width), width);
    }
    String runs = reshape(y, -1, layout.width());
    String cut =
        graph.node(
            "Slice", List.of(runs, graph.wholes(0), graph.wholes(valueWidth), graph.wholes(1)));
    return new Value(flat(cut, width), width);
  }

  private static boolean fuses(RopeSpec rope, Value k, AttentionSpec spec) {
    return rope.offset() == 0
        && rope.rotation().frequencies().size() % FUSED_MULTIPLE == 0
        && rope.headWidth() == spec.kv().keyWidth()
        && k.rotation().filter(rope::equals).isPresent();
  }

  private static Attribute[] attributes(AttentionSpec spec, Optional<RopeSpec> rope) {
    List<Attribute> attributes =
        new ArrayList<>(
            List.of(
                Attribute.of("num_heads", spec.heads()),
                Attribute.of("kv_num_heads", spec.kv().heads()),
                Attribute.of("scale", (float) spec.scale())));
    spec.window().ifPresent(window -> attributes.add(Attribute.of("local_window_size", window)));
    spec.softcap().ifPresent(cap -> attributes.add(Attribute.of("softcap", (float) cap)));
    rope.ifPresent(
        r -> {
          attributes.add(Attribute.of("do_rotary", 1));
          attributes.add(Attribute.of("rotary_interleaved", interleaved(r)));
        });
    return attributes.toArray(Attribute[]::new);
  }

  /** {@code [rows, heads * width]} as {@code [batch, rows of each, heads * wanted]}. */
  private String padded(String x, int heads, int width, int wanted) {
    if (width == wanted) {
      return batched(x, heads * width);
    }
    String runs = reshape(x, -1, width);
    String wide = graph.node("Pad", List.of(runs, graph.wholes(0, 0, 0, wanted - width)));
    return batched(wide, heads * wanted);
  }

  private String batched(String x, int width) {
    return graph.node("Reshape", List.of(x, body.batchShape(width)));
  }

  private String flat(String x, int width) {
    return reshape(x, -1, width);
  }

  private String reshape(String x, long... shape) {
    return graph.node("Reshape", List.of(x, graph.wholes(shape)));
  }
}
