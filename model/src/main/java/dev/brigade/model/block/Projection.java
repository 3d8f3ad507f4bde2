package dev.brigade.model.block;

import dev.brigade.model.decoder.TensorOps;
import dev.brigade.model.weights.Weight;
import java.util.Optional;

/**
 * A linear map of rows.
 *
 * @param weight {@code [out, in]}
 * @param bias {@code [out]}
 */
public record Projection(Weight weight, Optional<Weight> bias) {

  /** The one stored under {@code name.weight} and, if there is one, {@code name.bias}. */
  public static Projection named(String name, long out, long in, boolean biased) {
    return new Projection(
        Weight.named(name + ".weight", out, in),
        biased ? Optional.of(Weight.named(name + ".bias", out)) : Optional.empty());
  }

  /** The part that gives the columns {@code [from, to)}, of a projection that is stored fused. */
  public Projection outputs(long from, long to) {
    return new Projection(weight.rows(from, to), bias.map(b -> b.rows(from, to)));
  }

  /** {@code [rows, in]} to {@code [rows, out]}. */
  public <T> T apply(TensorOps<T> ops, T x) {
    return bias.isPresent() ? ops.linear(x, weight, bias.get()) : ops.linear(x, weight);
  }
}
