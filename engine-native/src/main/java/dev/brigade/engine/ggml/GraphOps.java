package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.GgmlRuntime;
import dev.brigade.engine.ggml.binding.GgmlTensor;
import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.engine.ggml.binding.GraphNotes;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.AttentionSpec;
import dev.brigade.model.decoder.ExpertStacks;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.decoder.TensorOps;
import dev.brigade.model.decoder.WeightUse;
import dev.brigade.model.weights.Weight;
import java.util.List;
import java.util.OptionalInt;

/**
 * Notes a recipe's operations as a graph of ggml's. Between operations everything is f32; a matrix
 * of another type rounds what it is multiplied by.
 */
final class GraphOps implements TensorOps<Node> {
  private static final int F32_BYTES = 4;

  private final GraphNotes notes;
  private final PassShape shape;
  private final PassInputs inputs;
  private final ShardWeights weights;
  private final ActivationNotes activations;
  private final RoutingNotes routing;
  private final RotaryNotes rotary;
  private final AttentionNotes attention;
  private final boolean current;
  private final int firstLayer;

  /**
   * @param current whether ggml is of a {@linkplain GgmlRuntime#isCurrent current} version
   * @param exact whether f32 is meant to be exact rather than fast
   * @param firstLayer number of the shard's first layer
   * @param lastLayer the model's last layer, counted from the first, if the shard has the head
   */
  GraphOps(
      GraphNotes notes,
      PassShape shape,
      PassInputs inputs,
      ShardWeights weights,
      boolean current,
      boolean exact,
      int firstLayer,
      OptionalInt lastLayer) {
    this.notes = notes;
    this.shape = shape;
    this.inputs = inputs;
    this.weights = weights;
    this.current = current;
    this.firstLayer = firstLayer;
    activations = new ActivationNotes(notes, current, exact);
    routing = new RoutingNotes(notes, weights, exact);
    rotary = new RotaryNotes(notes, shape, inputs, weights);
    attention = new AttentionNotes(notes, shape, inputs, weights, current, lastLayer);
  }

  // ---- rows in, rows out ----------------------------------------------------------------------

  @Override
  public Node embedding(Weight table, Node ids) {
    GgmlTensor rows = notes.getRows(weights.tensor(table, WeightUse.TABLE), ids.tensor());
    return new Node(rows, size(table, 1), ids.rows());
  }

  @Override
  public Node linear(Node x, Weight weight) {
    return new Node(notes.mulMat(weights.matrix(weight), x.tensor()), size(weight, 0), x.rows());
  }

  @Override
  public Node addRow(Node x, Weight row) {
    return same(x, notes.add(x.tensor(), vector(row)));
  }

  @Override
  public Node rmsNorm(Node x, Weight weight, double epsilon) {
    int run = size(weight, 0);
    boolean whole = run == x.width();
    GgmlTensor runs =
        whole ? x.tensor() : notes.reshape(x.tensor(), run, (long) x.rows() * (x.width() / run));
    GgmlTensor normed = notes.rmsNorm(runs, (float) epsilon);
    GgmlTensor weighted = notes.mul(normed, vector(weight));
    return same(x, whole ? weighted : notes.reshape(weighted, x.width(), x.rows()));
  }

  @Override
  public Node columns(Node x, int from, int to) {
    GgmlTensor view =
        notes.view(
            x.tensor(), to - from, x.rows(), (long) x.width() * F32_BYTES, (long) from * F32_BYTES);
    return new Node(notes.cont(view), to - from, x.rows());
  }

  @Override
  public Node concat(List<Node> parts) {
    Node joined = parts.get(0);
    for (Node part : parts.subList(1, parts.size())) {
      joined =
          new Node(
              notes.concat(joined.tensor(), part.tensor(), 0),
              joined.width() + part.width(),
              joined.rows());
    }
    return joined;
  }

  // ---- element by element ---------------------------------------------------------------------

  @Override
  public Node add(Node a, Node b) {
    return joined(a, b, notes::add);
  }

  @Override
  public Node multiply(Node a, Node b) {
    return joined(a, b, notes::mul);
  }

  @Override
  public Node divide(Node a, Node b) {
    return joined(a, b, notes::div);
  }

  @FunctionalInterface
  private interface Joint {
    GgmlTensor of(GgmlTensor a, GgmlTensor b);
  }

  /** What was there before the last attention still has all rows; they are not wanted any more. */
  private Node joined(Node a, Node b, Joint joint) {
    Node left = a.rows() > b.rows() ? outputs(a) : a;
    Node right = b.rows() > a.rows() ? outputs(b) : b;
    return same(left, joint.of(left.tensor(), right.tensor()));
  }

  @Override
  public Node scale(Node x, double factor) {
    return same(x, notes.scale(x.tensor(), (float) factor));
  }

  @Override
  public Node clamp(Node x, double low, double high) {
    return same(x, activations.clamp(x.tensor(), low, high));
  }

  @Override
  public Node silu(Node x) {
    return same(x, notes.silu(x.tensor()));
  }

  @Override
  public Node gelu(Node x) {
    return same(x, activations.gelu(x.tensor()));
  }

  @Override
  public Node sigmoid(Node x) {
    return same(x, notes.sigmoid(x.tensor()));
  }

  @Override
  public Node tanh(Node x) {
    return same(x, notes.tanh(x.tensor()));
  }

  @Override
  public Node gated(Node gate, Node up, Activation activation) {
    return same(gate, activations.gated(gate.tensor(), up.tensor(), activation));
  }

  // ---- routing --------------------------------------------------------------------------------

  @Override
  public Node softmax(Node x) {
    return same(x, notes.softmax(x.tensor()));
  }

  @Override
  public Node sum(Node x) {
    return new Node(notes.sumRows(x.tensor()), 1, x.rows());
  }

  @Override
  public TopK<Node> topK(Node x, int k) {
    Node ids = routing.largest(x, k);
    return new TopK<>(routing.gather(x, ids), ids);
  }

  @Override
  public Node gather(Node x, Node ids) {
    return routing.gather(x, ids);
  }

  @Override
  public Node keepGroups(Node x, Node chosen, int groups, double fill) {
    return routing.keepGroups(x, chosen, groups, fill);
  }

  @Override
  public Node experts(Node x, Node ids, Node chosen, ExpertStacks stacks, Activation activation) {
    return new ExpertNotes(notes, weights, activations, current)
        .experts(x, ids, chosen, stacks, activation);
  }

  // ---- what knows sequences and positions -----------------------------------------------------

  @Override
  public Node rope(Node x, RopeSpec spec) {
    return rotary.rope(x, spec);
  }

  @Override
  public Node attention(int layer, Node q, Node k, Node v, AttentionSpec spec) {
    return attention.attention(layer - firstLayer, q, k, v, spec);
  }

  @Override
  public Node joinHeads(Node a, Node b, int heads, boolean bShared) {
    int n = a.width() / heads;
    int m = bShared ? b.width() : b.width() / heads;
    GgmlTensor first = notes.reshape(a.tensor(), n, heads, a.rows());
    GgmlTensor second = notes.reshape(b.tensor(), m, bShared ? 1 : heads, a.rows());
    if (bShared) {
      GgmlTensor target = notes.like(GgmlType.F32, m, heads, a.rows());
      second = notes.repeat(second, target);
    }
    GgmlTensor joined = notes.concat(first, second, 0);
    int width = heads * (n + m);
    return new Node(notes.reshape(joined, width, a.rows()), width, a.rows());
  }

  @Override
  public Node outputs(Node x) {
    if (shape.outputs() == x.rows()) {
      return x;
    }
    GgmlTensor rows = notes.getRows(x.tensor(), inputs.outputRows());
    return new Node(rows, x.width(), shape.outputs());
  }

  private GgmlTensor vector(Weight weight) {
    return weights.tensor(weight, WeightUse.VECTOR);
  }

  private static Node same(Node as, GgmlTensor tensor) {
    return new Node(tensor, as.width(), as.rows());
  }

  private static int size(Weight weight, int dimension) {
    return Math.toIntExact(weight.shape().get(dimension));
  }
}
