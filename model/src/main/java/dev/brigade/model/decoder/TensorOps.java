package dev.brigade.model.decoder;

import dev.brigade.model.weights.Weight;
import java.util.List;

/**
 * The operations of which decoders are made. An engine implements them over its own tensor type and
 * has every architecture; a recipe calls them and runs on every engine.
 *
 * <p>Every tensor is a matrix {@code [rows, width]}: the tokens of all sequences of a pass, end to
 * end, one a row. Only {@link #rope}, {@link #attention} and {@link #outputs} know which row
 * belongs to which sequence. A call may compute at once or only note what to compute. Casts are the
 * engine's: norms, softmax, rotary embedding and routing are computed in f32, logits are f32.
 *
 * @param <T> the engine's tensor, immutable to the recipe
 */
public interface TensorOps<T> {

  // ---- rows in, rows out ----------------------------------------------------------------------

  /** Rows of a table: {@code ids [rows]}, table {@code [vocabulary, width]}. */
  T embedding(Weight table, T ids);

  /** {@code x · weightᵀ}: {@code x [rows, in]}, weight {@code [out, in]}. */
  T linear(T x, Weight weight);

  /** {@code x · weightᵀ + bias}, bias {@code [out]}. */
  default T linear(T x, Weight weight, Weight bias) {
    return addRow(linear(x, weight), bias);
  }

  /** Adds a vector {@code [width]} to every row. */
  T addRow(T x, Weight row);

  /**
   * Root-mean-square norm (Zhang & Sennrich 2019), {@code x / sqrt(mean(x²) + epsilon) * weight},
   * of each run of {@code weight.length} columns on its own: of whole rows, or of each head.
   */
  T rmsNorm(T x, Weight weight, double epsilon);

  /** The columns {@code [from, to)}. */
  T columns(T x, int from, int to);

  /** Columns of several tensors with equal rows, one after the other. */
  T concat(List<T> parts);

  // ---- element by element ---------------------------------------------------------------------

  /** {@code a + b}, equal shapes. */
  T add(T a, T b);

  /** {@code a * b}; {@code b} may be {@code [rows, 1]}. */
  T multiply(T a, T b);

  /** {@code a / b}; {@code b} may be {@code [rows, 1]}. */
  T divide(T a, T b);

  /** {@code x * factor}. */
  T scale(T x, double factor);

  /** Within {@code [low, high]}. */
  T clamp(T x, double low, double high);

  /** {@code x * sigmoid(x)}. */
  T silu(T x);

  /** GELU in its tanh approximation (Hendrycks & Gimpel 2016). */
  T gelu(T x);

  T sigmoid(T x);

  T tanh(T x);

  /** {@code limit * tanh(x / limit)}. */
  default T softcap(T x, double limit) {
    return scale(tanh(scale(x, 1 / limit)), limit);
  }

  /** Joins the two projections of a gated feed-forward block. */
  default T gated(T gate, T up, Activation activation) {
    if (activation instanceof Activation.Swiglu) {
      return multiply(silu(gate), up);
    } else if (activation instanceof Activation.Geglu) {
      return multiply(gelu(gate), up);
    } else {
      Activation.ClampedSwiglu clamped = (Activation.ClampedSwiglu) activation;
      T g = clamp(gate, Double.NEGATIVE_INFINITY, clamped.limit());
      T u = clamp(up, -clamped.limit(), clamped.limit());
      T glu = multiply(g, sigmoid(scale(g, clamped.alpha())));
      return add(multiply(u, glu), glu);
    }
  }

  // ---- routing --------------------------------------------------------------------------------

  /** Softmax over the columns of each row. */
  T softmax(T x);

  /** Sum over the columns: {@code [rows, 1]}. */
  T sum(T x);

  /** The {@code k} largest of each row, descending, equal ones by lower column first. */
  TopK<T> topK(T x, int k);

  /** {@code x[row, ids[row, j]]}: {@code x [rows, n]}, {@code ids [rows, k]}. */
  T gather(T x, T ids);

  /**
   * Replaces by {@code fill} what is not in the chosen groups of columns.
   *
   * @param x {@code [rows, groups * n]}
   * @param chosen numbers of groups to keep, {@code [rows, k]}
   */
  T keepGroups(T x, T chosen, int groups, double fill);

  /**
   * Mixture of experts: {@code Σ_j weights[row, j] * expert(ids[row, j], x[row])}.
   *
   * @param x {@code [rows, width]}
   * @param ids {@code [rows, k]}, numbers of experts
   * @param weights {@code [rows, k]}
   */
  T experts(T x, T ids, T weights, ExpertStacks stacks, Activation activation);

  /**
   * @param values {@code [rows, k]}
   * @param ids columns of the values, {@code [rows, k]}; only {@link #gather}, {@link #keepGroups}
   *     and {@link #experts} take them
   */
  record TopK<T>(T values, T ids) {}

  // ---- what knows sequences and positions -----------------------------------------------------

  /** Rotates each head of {@code x [rows, heads * headWidth]} by its row's position. */
  T rope(T x, RopeSpec spec);

  /**
   * Appends the keys and values of each sequence to its cache and attends over it, causally.
   *
   * @param layer number within the whole model
   * @param q {@code [rows, heads * keyWidth]}
   * @param k {@code [rows, kvHeads * keyWidth]}
   * @param v {@code [rows, kvHeads * valueWidth]}
   * @return {@code [rows, heads * valueWidth]}
   */
  T attention(int layer, T q, T k, T v, AttentionSpec spec);

  /**
   * Joins heads side by side: head {@code h} of the result is head {@code h} of {@code a}, then
   * head {@code h} of {@code b}.
   *
   * @param a {@code [rows, heads * n]}
   * @param b {@code [rows, heads * m]}, or {@code [rows, m]}, which all heads then share
   * @param bShared whether {@code b} has one head for all
   */
  T joinHeads(T a, T b, int heads, boolean bShared);

  /** The rows whose logits were asked for; what a head is given. */
  T outputs(T x);
}
