package dev.brigade.engine.mlx;

import static dev.brigade.engine.mlx.ElementTypes.f32;

import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.engine.mlx.binding.Recording;
import dev.brigade.model.decoder.Activation;
import dev.brigade.model.decoder.AttentionSpec;
import dev.brigade.model.decoder.ExpertStacks;
import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.decoder.TensorOps;
import dev.brigade.model.weights.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Records a recipe's operations for one step. Matrices are multiplied in the precision's own type;
 * everything between them is f32 wherever it adds up, and so is the residual stream.
 */
final class MlxOps implements TensorOps<Value> {
  private static final double SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);

  private final Step step;
  private final Recording g;
  private final ShardWeights weights;
  private final RotationPeriods periods;
  private final ShardPlan plan;
  private final MlxType precision;
  private final ElementTypes types;
  private final MlxRouting routing;

  MlxOps(Step step, ShardWeights weights, RotationPeriods periods, ShardPlan plan) {
    this.step = step;
    this.g = step.recording();
    this.weights = weights;
    this.periods = periods;
    this.plan = plan;
    this.precision = plan.type();
    types = new ElementTypes(g);
    routing = new MlxRouting(step, types);
  }

  // ---- rows in, rows out ----------------------------------------------------------------------

  @Override
  public Value embedding(Weight table, Value ids) {
    Operand operand = weights.operand(table);
    MlxArray rows =
        operand instanceof Operand.Groups groups
            ? g.products()
                .dequantize(groups.arrays().each(of -> g.take(of, ids.array(), 0)), operand.type())
            : g.take(((Operand.Plain) operand).array(), ids.array(), 0);
    return wide(new Value(rows, operand.type(), columns(table)));
  }

  @Override
  public Value linear(Value x, Weight weight) {
    Operand operand = weights.operand(weight);
    MlxArray rows = as(x, operand.type()).array();
    MlxArray y =
        operand instanceof Operand.Groups groups
            ? g.products().matmul(rows, groups.arrays())
            : g.products().matmul(rows, ((Operand.Plain) operand).transposed().orElseThrow());
    return new Value(y, operand.type(), rows(weight));
  }

  @Override
  public Value linear(Value x, Weight weight, Weight bias) {
    if (weights.operand(weight) instanceof Operand.Plain plain && plain.type() == MlxType.F32) {
      MlxArray matrix = plain.transposed().orElseThrow();
      return f32(g.products().matmulAdd(wide(x).array(), matrix, vector(bias)), rows(weight));
    }
    return addRow(linear(x, weight), bias);
  }

  @Override
  public Value addRow(Value x, Weight row) {
    return f32(g.add(x.array(), vector(row)), x.width());
  }

  @Override
  public Value rmsNorm(Value x, Weight weight, double epsilon) {
    int run = rows(weight);
    MlxArray rows = wide(x).array();
    if (run == x.width()) {
      return f32(g.kernels().rmsNorm(rows, vector(weight), epsilon), run);
    }
    MlxArray runs = g.reshape(rows, -1, x.width() / run, run);
    return f32(
        g.reshape(g.kernels().rmsNorm(runs, vector(weight), epsilon), -1, x.width()), x.width());
  }

  @Override
  public Value columns(Value x, int from, int to) {
    int rows = x.array().size(0);
    MlxArray y = g.slice(x.array(), new int[] {0, from}, new int[] {rows, to});
    return new Value(y, x.type(), to - from);
  }

  @Override
  public Value concat(List<Value> parts) {
    int width = parts.stream().mapToInt(Value::width).sum();
    MlxType type = ElementTypes.common(parts);
    return new Value(g.concat(types.arrays(parts, type), 1), type, width);
  }

  // ---- element by element ---------------------------------------------------------------------

  @Override
  public Value add(Value a, Value b) {
    return f32(g.add(wide(a).array(), b.array()), a.width());
  }

  @Override
  public Value multiply(Value a, Value b) {
    if (precision == MlxType.BF16 && a.type() == precision && b.type() == precision) {
      return new Value(g.multiply(a.array(), b.array()), precision, a.width());
    }
    return f32(g.multiply(wide(a).array(), b.array()), a.width());
  }

  @Override
  public Value divide(Value a, Value b) {
    return f32(g.divide(wide(a).array(), b.array()), a.width());
  }

  @Override
  public Value scale(Value x, double factor) {
    return f32(g.multiply(wide(x).array(), step.number(factor)), x.width());
  }

  @Override
  public Value clamp(Value x, double low, double high) {
    return f32(g.clip(wide(x).array(), step.number(low), step.number(high)), x.width());
  }

  @Override
  public Value silu(Value x) {
    return new Value(g.multiply(x.array(), g.sigmoid(x.array())), x.type(), x.width());
  }

  @Override
  public Value gelu(Value x) {
    MlxArray a = wide(x).array();
    MlxArray cube = g.multiply(g.multiply(a, a), g.multiply(a, step.number(0.044715)));
    MlxArray inner = g.multiply(g.add(a, cube), step.number(SQRT_2_OVER_PI));
    MlxArray factor = g.add(g.tanh(inner), step.number(1));
    return f32(g.multiply(g.multiply(a, step.number(0.5)), factor), x.width());
  }

  @Override
  public Value sigmoid(Value x) {
    return f32(g.sigmoid(wide(x).array()), x.width());
  }

  @Override
  public Value tanh(Value x) {
    return f32(g.tanh(wide(x).array()), x.width());
  }

  // ---- routing --------------------------------------------------------------------------------

  @Override
  public Value softmax(Value x) {
    return f32(g.softmax(wide(x).array(), -1), x.width());
  }

  @Override
  public Value sum(Value x) {
    return f32(g.sum(wide(x).array(), 1, true), 1);
  }

  @Override
  public TopK<Value> topK(Value x, int k) {
    return routing.topK(x, k);
  }

  @Override
  public Value gather(Value x, Value ids) {
    return new Value(g.takeAlong(x.array(), ids.array(), 1), x.type(), ids.width());
  }

  @Override
  public Value keepGroups(Value x, Value chosen, int groups, double fill) {
    return routing.keepGroups(x, chosen, groups, fill);
  }

  @Override
  public Value experts(
      Value x, Value ids, Value shares, ExpertStacks stacks, Activation activation) {
    // Activations of f16 may go beyond f16 before they are multiplied down again.
    MlxType inner = precision == MlxType.F16 ? MlxType.F32 : precision;
    MlxExperts experts =
        new MlxExperts(
            step,
            plan.gathersPlain(),
            (gate, up) ->
                gated(
                        new Value(g.cast(gate, inner), inner, 0),
                        new Value(g.cast(up, inner), inner, 0),
                        activation)
                    .array());
    Optional<ExpertStacks.Biases> biases = stacks.biases();
    MlxArray y =
        experts.over(
            as(x, precision).array(),
            x.width(),
            ids.array(),
            wide(shares).array(),
            ids.width(),
            stacks.experts(),
            projection(stacks.gate(), biases.map(ExpertStacks.Biases::gate)),
            projection(stacks.up(), biases.map(ExpertStacks.Biases::up)),
            projection(stacks.down(), biases.map(ExpertStacks.Biases::down)));
    return f32(y, x.width());
  }

  private MlxExperts.Projection projection(Weight stack, Optional<Weight> bias) {
    return new MlxExperts.Projection(weights.operand(stack), bias.map(this::vector));
  }

  // ---- what knows sequences and positions -----------------------------------------------------

  @Override
  public Value rope(Value x, RopeSpec spec) {
    return f32(new MlxRope(step, spec, periods).over(wide(x).array(), x.width()), x.width());
  }

  @Override
  public Value attention(int layer, Value q, Value k, Value v, AttentionSpec spec) {
    MlxAttention attention =
        new MlxAttention(
            step,
            spec,
            layer - plan.firstLayer(),
            spec.sinks().map(this::vector),
            precision,
            plan.attentionKernel());
    MlxArray y =
        attention.over(
            as(q, precision).array(), as(k, precision).array(), as(v, precision).array());
    return new Value(y, precision, spec.heads() * spec.kv().valueWidth());
  }

  @Override
  public Value joinHeads(Value a, Value b, int heads, boolean bShared) {
    MlxType type = ElementTypes.common(List.of(a, b));
    int left = a.width() / heads;
    int right = bShared ? b.width() : b.width() / heads;
    MlxArray first = g.reshape(as(a, type).array(), -1, heads, left);
    MlxArray second =
        bShared
            ? g.broadcast(g.reshape(as(b, type).array(), -1, 1, right), step.size(), heads, right)
            : g.reshape(as(b, type).array(), -1, heads, right);
    int width = heads * (left + right);
    return new Value(g.reshape(g.concat(List.of(first, second), 2), -1, width), type, width);
  }

  /** The rows whose logits are wanted; if there are none, the first, which nobody evaluates. */
  @Override
  public Value outputs(Value x) {
    List<MlxArray> parts = new ArrayList<>();
    int wanted = 0;
    for (Step.Rows part : step.rows()) {
      int end = part.first() + part.count();
      if (part.outputs() > 0) {
        parts.add(
            g.slice(x.array(), new int[] {end - part.outputs(), 0}, new int[] {end, x.width()}));
        wanted += part.outputs();
      }
    }
    if (wanted == step.size()) {
      return x;
    } else if (parts.isEmpty()) {
      parts.add(g.slice(x.array(), new int[2], new int[] {1, x.width()}));
    }
    MlxArray rows = parts.size() == 1 ? parts.get(0) : g.concat(parts, 0);
    return new Value(rows, x.type(), x.width());
  }

  /** The value in f32. */
  Value wide(Value x) {
    return types.wide(x);
  }

  private Value as(Value x, MlxType type) {
    return types.as(x, type);
  }

  private MlxArray vector(Weight weight) {
    return ((Operand.Plain) weights.operand(weight)).array();
  }

  private static int rows(Weight weight) {
    return Math.toIntExact(weight.shape().get(0));
  }

  private static int columns(Weight weight) {
    return Math.toIntExact(weight.shape().get(1));
  }
}
