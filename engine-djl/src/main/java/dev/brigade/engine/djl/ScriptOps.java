package dev.brigade.engine.djl;

import static dev.brigade.engine.djl.ScriptText.call;
import static dev.brigade.engine.djl.ScriptText.flag;
import static dev.brigade.engine.djl.ScriptText.number;

import dev.brigade.engine.djl.Value.Kind;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.AttentionSpec;
import dev.brigade.model.decoder.ExpertStacks;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.decoder.TensorOps;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Notes a recipe's operations as TorchScript statements. Matrices are multiplied in the precision's
 * own type; everything between the matrices is f32 wherever it adds up, and so is the residual
 * stream.
 */
final class ScriptOps implements TensorOps<Value> {
  private final ScriptBody body;
  private final DType precision;
  private final int firstLayer;
  private final Set<Weight> exact;
  private final Map<Value, Weight> madeBy = new HashMap<>();
  private final Set<Weight> decisive = new HashSet<>();

  /**
   * @param firstLayer number of the shard's first layer
   * @param exact matrices to multiply by in f32 whatever the precision
   */
  ScriptOps(ScriptBody body, DType precision, int firstLayer, Set<Weight> exact) {
    this.body = body;
    this.precision = precision;
    this.firstLayer = firstLayer;
    this.exact = exact;
  }

  /**
   * The matrices whose products were seen to be scores that something is chosen by: routers. Chosen
   * by rounded scores, a token goes to other experts than it should.
   */
  Set<Weight> decisive() {
    return decisive;
  }

  // ---- rows in, rows out ----------------------------------------------------------------------

  @Override
  public Value embedding(Weight table, Value ids) {
    String rows = call("torch.index_select(%s, 0, %s)", matrix(table), ids.name());
    return wide(narrow(rows, size(table, 1)));
  }

  @Override
  public Value linear(Value x, Weight weight) {
    return linear(x, weight, List.of());
  }

  @Override
  public Value linear(Value x, Weight weight, Weight bias) {
    return linear(x, weight, List.of(bias));
  }

  private Value linear(Value x, Weight weight, List<Weight> bias) {
    int width = size(weight, 0);
    DType type = exact.contains(weight) ? DType.F32 : precision;
    String operands =
        Stream.concat(Stream.of(weight), bias.stream())
            .map(operand -> body.weight(operand, type))
            .collect(Collectors.joining(", "));
    if (exact.contains(weight)) {
      return wide(call("torch.linear(%s, %s)", wide(x).name(), operands), width);
    }
    Value y = narrow(call("torch.linear(%s, %s)", narrow(x).name(), operands), width);
    madeBy.put(y, weight);
    return y;
  }

  /** Notes that something is chosen by {@code scores}. */
  private Value decidedBy(Value scores) {
    Optional.ofNullable(madeBy.get(scores)).ifPresent(decisive::add);
    return wide(scores);
  }

  @Override
  public Value addRow(Value x, Weight row) {
    return wide(call("torch.add(%s, %s)", x.name(), vector(row)), x.width());
  }

  @Override
  public Value rmsNorm(Value x, Weight weight, double epsilon) {
    int run = size(weight, 0);
    String rows = wide(x).name();
    String arguments =
        call(
            "%s, %s, %s",
            vector(weight),
            body.operand(new Operand.Floats(List.of((float) epsilon))),
            number(1.0 / run));
    if (run == x.width()) {
      return wide(call("self.rms(%s, %s)", rows, arguments), run);
    }
    String runs = call("self.rms(torch.reshape(%s, [-1, %d]), %s)", rows, run, arguments);
    return wide(call("torch.view(%s, [-1, %d])", runs, x.width()), x.width());
  }

  @Override
  public Value columns(Value x, int from, int to) {
    return same(x, call("torch.narrow(%s, 1, %d, %d)", x.name(), from, to - from), to - from);
  }

  @Override
  public Value concat(List<Value> parts) {
    int width = parts.stream().mapToInt(Value::width).sum();
    boolean narrow = parts.stream().allMatch(part -> part.kind() == Kind.NARROW);
    String names =
        parts.stream()
            .map(part -> (narrow ? part : wide(part)).name())
            .collect(Collectors.joining(", "));
    String joined = call("torch.cat([%s], 1)", names);
    return narrow ? narrow(joined, width) : wide(joined, width);
  }

  // ---- element by element ---------------------------------------------------------------------

  @Override
  public Value add(Value a, Value b) {
    Value first = b.kind() == Kind.NARROW ? wide(a) : a;
    return wide(call("torch.add(%s, %s)", first.name(), b.name()), a.width());
  }

  @Override
  public Value multiply(Value a, Value b) {
    if (precision == DType.BF16 && a.kind() == Kind.NARROW && b.kind() == Kind.NARROW) {
      return narrow(call("torch.mul(%s, %s)", a.name(), b.name()), a.width());
    }
    return wide(call("torch.mul(%s, %s)", wide(a).name(), b.name()), a.width());
  }

  @Override
  public Value divide(Value a, Value b) {
    return wide(call("torch.div(%s, %s)", wide(a).name(), b.name()), a.width());
  }

  @Override
  public Value scale(Value x, double factor) {
    return wide(call("torch.mul(%s, %s)", wide(x).name(), number(factor)), x.width());
  }

  @Override
  public Value clamp(Value x, double low, double high) {
    String from = low == Double.NEGATIVE_INFINITY ? "None" : number(low);
    String to = high == Double.POSITIVE_INFINITY ? "None" : number(high);
    return wide(call("torch.clamp(%s, %s, %s)", wide(x).name(), from, to), x.width());
  }

  @Override
  public Value silu(Value x) {
    return same(x, call("torch.silu(%s)", x.name()), x.width());
  }

  @Override
  public Value gelu(Value x) {
    return same(x, call("torch.gelu(%s, approximate=\"tanh\")", x.name()), x.width());
  }

  @Override
  public Value sigmoid(Value x) {
    return wide(call("torch.sigmoid(%s)", decidedBy(x).name()), x.width());
  }

  @Override
  public Value tanh(Value x) {
    return wide(call("torch.tanh(%s)", wide(x).name()), x.width());
  }

  // ---- routing --------------------------------------------------------------------------------

  @Override
  public Value softmax(Value x) {
    return wide(call("torch.softmax(%s, -1)", decidedBy(x).name()), x.width());
  }

  @Override
  public Value sum(Value x) {
    return wide(call("torch.sum(%s, [-1], True)", wide(x).name()), 1);
  }

  @Override
  public TopK<Value> topK(Value x, int k) {
    String sorted =
        body.assign(
            call("torch.sort(%s, stable=True, dim=-1, descending=True)", decidedBy(x).name()));
    Value values = wide(call("torch.narrow(%s[0], 1, 0, %d)", sorted, k), k);
    String ids = body.assign(call("torch.narrow(%s[1], 1, 0, %d)", sorted, k));
    return new TopK<>(values, new Value(ids, Kind.IDS, k));
  }

  @Override
  public Value gather(Value x, Value ids) {
    return same(x, call("torch.gather(%s, 1, %s)", x.name(), ids.name()), ids.width());
  }

  @Override
  public Value keepGroups(Value x, Value chosen, int groups, double fill) {
    return same(
        x,
        call("self.groups(%s, %s, %d, %s)", x.name(), chosen.name(), groups, number(fill)),
        x.width());
  }

  @Override
  public Value experts(
      Value x, Value ids, Value weights, ExpertStacks stacks, Activation activation) {
    List<Weight> tensors = new ArrayList<>(List.of(stacks.gate(), stacks.up(), stacks.down()));
    stacks.biases().ifPresent(b -> tensors.addAll(List.of(b.gate(), b.up(), b.down())));
    String list = tensors.stream().map(this::matrix).collect(Collectors.joining(", "));
    return wide(
        call(
            "self.experts%d(%s, %s, %s, [%s])",
            body.experts(activation, precision == DType.F16),
            narrow(x).name(),
            ids.name(),
            wide(weights).name(),
            list),
        x.width());
  }

  // ---- what knows sequences and positions -----------------------------------------------------

  @Override
  public Value rope(Value x, RopeSpec spec) {
    ScriptBody.Rotation rotation = body.rotation(spec);
    return wide(
        call(
            "self.rotate(%s, %s, %s, %s, %d)",
            x.name(), rotation.cos(), rotation.sin(), rotation.partner(), spec.headWidth()),
        x.width());
  }

  @Override
  public Value attention(int layer, Value q, Value k, Value v, AttentionSpec spec) {
    boolean stepwise = spec.softcap().isPresent() || spec.sinks().isPresent();
    int window = spec.window().orElse(Integer.MAX_VALUE);
    int heads = spec.kv().heads();
    String common =
        call(
            "%s, %s, %s, plan, %s, %d, %d, %d, %s, %d",
            narrow(q).name(),
            k.name(),
            v.name(),
            body.masks(window, stepwise ? DType.F32 : precision, stepwise),
            layer - firstLayer,
            heads,
            spec.heads() / heads,
            number(spec.scale()),
            window);
    int width = spec.heads() * spec.kv().valueWidth();
    if (!stepwise) {
      return narrow(call("self.fused(%s)", common), width);
    }
    String sinks = spec.sinks().map(this::vector).orElse("");
    String softcap = number(spec.softcap().orElse(0));
    String list = sinks.isEmpty() ? "annotate(List[Tensor], [])" : "[" + sinks + "]";
    return narrow(call("self.stepwise(%s, %s, %s)", common, softcap, list), width);
  }

  @Override
  public Value joinHeads(Value a, Value b, int heads, boolean bShared) {
    int width = a.width() + (bShared ? heads : 1) * b.width();
    boolean narrow = a.kind() == Kind.NARROW && b.kind() == Kind.NARROW;
    String joined =
        call(
            "self.join(%s, %s, %d, %s)",
            (narrow ? a : wide(a)).name(), (narrow ? b : wide(b)).name(), heads, flag(bShared));
    return narrow ? narrow(joined, width) : wide(joined, width);
  }

  @Override
  public Value outputs(Value x) {
    return same(x, call("self.outputs(%s, plan)", x.name()), x.width());
  }

  // ---- element types --------------------------------------------------------------------------

  /** The value in f32. */
  Value wide(Value x) {
    if (x.kind() == Kind.WIDE || precision == DType.F32) {
      return x;
    }
    return new Value(body.cast(x.name(), DType.F32), Kind.WIDE, x.width());
  }

  private Value narrow(Value x) {
    if (x.kind() == Kind.NARROW || precision == DType.F32) {
      return x;
    }
    return new Value(body.cast(x.name(), precision), Kind.NARROW, x.width());
  }

  private Value wide(String expression, int width) {
    return new Value(body.assign(expression), Kind.WIDE, width);
  }

  private Value narrow(String expression, int width) {
    return new Value(body.assign(expression), Kind.NARROW, width);
  }

  private Value same(Value as, String expression, int width) {
    return new Value(body.assign(expression), as.kind(), width);
  }

  private String matrix(Weight weight) {
    return body.weight(weight, precision);
  }

  /** What is added or multiplied rather than contracted stays exact; it is small. */
  private String vector(Weight weight) {
    return body.weight(weight, DType.F32);
  }

  private static int size(Weight weight, int dimension) {
    return Math.toIntExact(weight.shape().get(dimension));
  }
}
