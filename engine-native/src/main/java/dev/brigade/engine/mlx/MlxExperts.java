package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.engine.mlx.binding.Recording;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;

/** A mixture of experts over the rows of a step. */
final class MlxExperts {
  // From here on it pays to sort rows by expert, so that each expert's weights are read once.
  private static final int SORTED_FROM = 64;

  private final Step step;
  private final Recording g;
  private final boolean gathersPlain;
  private final BinaryOperator<MlxArray> gated;

  /**
   * @param gathersPlain whether the device multiplies by gathered matrices of this type
   * @param gated joins gate and up
   */
  MlxExperts(Step step, boolean gathersPlain, BinaryOperator<MlxArray> gated) {
    this.step = step;
    this.g = step.recording();
    this.gathersPlain = gathersPlain;
    this.gated = gated;
  }

  /**
   * One of the three projections.
   *
   * @param stack {@code [experts, out, in]}
   * @param bias {@code [experts, out]}
   */
  record Projection(Operand stack, Optional<MlxArray> bias) {}

  /**
   * @param x {@code [rows, width]}
   * @param ids {@code [rows, k]}
   * @param weights f32 {@code [rows, k]}
   * @return f32 {@code [rows, width]}
   */
  MlxArray over(
      MlxArray x,
      int width,
      MlxArray ids,
      MlxArray weights,
      int k,
      int experts,
      Projection gate,
      Projection up,
      Projection down) {
    int rows = step.size();
    boolean each =
        rows * k > experts
            && !gathersPlain
            && Stream.of(gate, up, down).anyMatch(p -> p.stack() instanceof Operand.Plain);
    if (each) {
      return oneByOne(x, width, ids, weights, experts, gate, up, down);
    }
    boolean sorted = rows * k >= SORTED_FROM;
    MlxArray which = g.reshape(ids, rows * k);
    MlxArray order = sorted ? g.argsort(which, 0) : which;
    MlxArray source = x;
    if (sorted) {
      which = g.take(which, order, 0);
      MlxArray divisor = g.cast(step.number(k), MlxType.U32);
      source = g.take(x, g.floorDivide(order, divisor), 0);
      source = g.reshape(source, rows * k, 1, width);
    } else {
      source = g.reshape(x, rows, 1, 1, width);
      source = g.reshape(g.broadcast(source, rows, k, 1, width), rows * k, 1, width);
    }
    MlxArray inner =
        gated.apply(project(source, gate, which, sorted), project(source, up, which, sorted));
    MlxArray y = project(inner, down, which, sorted);
    if (sorted) {
      y = g.take(y, g.argsort(order, 0), 0);
    }
    MlxArray shares = g.reshape(weights, rows, k, 1);
    MlxArray wide = g.cast(g.reshape(y, rows, k, width), MlxType.F32);
    return g.sum(g.multiply(wide, shares), 1, false);
  }

  /** {@code x [n, 1, in]} by the matrix of each. */
  private MlxArray project(MlxArray x, Projection projection, MlxArray which, boolean sorted) {
    MlxArray typed = g.cast(x, projection.stack().type());
    MlxArray y = product(typed, projection.stack(), which, sorted);
    if (projection.bias().isEmpty()) {
      return y;
    }
    MlxArray bias = g.take(projection.bias().get(), which, 0);
    return g.add(y, g.reshape(bias, bias.size(0), 1, bias.size(1)));
  }

  private MlxArray product(MlxArray x, Operand stack, MlxArray which, boolean sorted) {
    if (stack instanceof Operand.Groups groups) {
      return g.products().gatherMatmul(x, groups.arrays(), which, sorted);
    }
    MlxArray matrices = ((Operand.Plain) stack).transposed().orElseThrow();
    return gathersPlain
        ? g.products().gatherMatmul(x, matrices, which, sorted)
        : g.products().matmul(x, g.take(matrices, which, 0));
  }

  /**
   * All rows through every expert, in turn, each with the share that the router gave it: on a CPU,
   * MLX gathers matrices in f32 only, and copying them for many rows would take too much memory.
   */
  private MlxArray oneByOne(
      MlxArray x,
      int width,
      MlxArray ids,
      MlxArray weights,
      int experts,
      Projection gate,
      Projection up,
      Projection down) {
    MlxArray sum = g.zeros(MlxType.F32, step.size(), width);
    for (int expert = 0; expert < experts; expert++) {
      MlxArray inner = gated.apply(projectAll(x, gate, expert), projectAll(x, up, expert));
      MlxArray y = g.cast(projectAll(inner, down, expert), MlxType.F32);
      MlxArray chosen = g.equal(ids, g.cast(step.number(expert), MlxType.U32));
      MlxArray share = g.sum(g.where(chosen, weights, step.number(0)), 1, true);
      sum = g.add(sum, g.multiply(y, share));
    }
    return sum;
  }

  private MlxArray projectAll(MlxArray x, Projection projection, int expert) {
    MlxArray typed = g.cast(x, projection.stack().type());
    MlxArray y;
    if (projection.stack() instanceof Operand.Groups groups) {
      y = g.products().matmul(typed, groups.arrays().each(stack -> one(stack, expert)));
    } else {
      MlxArray matrices = ((Operand.Plain) projection.stack()).transposed().orElseThrow();
      y = g.products().matmul(typed, one(matrices, expert));
    }
    if (projection.bias().isEmpty()) {
      return y;
    }
    MlxArray biases = projection.bias().get();
    int[] from = {expert, 0};
    return g.add(y, g.slice(biases, from, new int[] {expert + 1, biases.size(1)}));
  }

  /** One matrix of a stack. */
  private MlxArray one(MlxArray stack, int expert) {
    int in = stack.size(1);
    int out = stack.size(2);
    int[] from = {expert, 0, 0};
    return g.reshape(g.slice(stack, from, new int[] {expert + 1, in, out}), in, out);
  }
}
