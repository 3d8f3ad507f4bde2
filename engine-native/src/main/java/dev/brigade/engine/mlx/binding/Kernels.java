package dev.brigade.engine.mlx.binding;

import java.util.Optional;

/** What MLX has kernels of its own for, noted down in a recording. */
public final class Kernels {
  private final Recording g;

  Kernels(Recording g) {
    this.g = g;
  }

  /** Root-mean-square norm over the innermost axis. */
  public MlxArray rmsNorm(MlxArray x, MlxArray weight, double epsilon) {
    return g.made(
        MlxC.mlx_fast_rms_norm(
            g.scratch().result(), x.handle(), weight.handle(), (float) epsilon, g.stream()));
  }

  /**
   * Rotates the innermost axis by {@code position / period}.
   *
   * @param x {@code [n, heads, 1, width]}
   * @param positions I32 {@code [n]}
   * @param periods f32 {@code [width / 2]}
   * @param interleaved whether neighbours make the pairs, or else the two halves
   */
  public MlxArray rope(
      MlxArray x, int width, boolean interleaved, MlxArray positions, MlxArray periods) {
    return g.made(
        MlxC.mlx_fast_rope_dynamic(
            g.scratch().result(),
            x.handle(),
            width,
            Recording.flag(interleaved),
            MlxC.none(),
            1,
            positions.handle(),
            periods.handle(),
            g.stream()));
  }

  /**
   * {@code softmax(scale * q · kᵀ) · v}, added up in f32 where MLX has a kernel for it.
   *
   * @param q {@code [1, heads, rows, width]}
   * @param k {@code [1, kvHeads, n, width]}
   * @param v {@code [1, kvHeads, n, valueWidth]}
   * @param causal whether a row sees only the keys up to its own, the last row's being the last
   * @param seen if not causal, which keys a row sees: {@code [rows, n]}; all if empty
   * @param sinks one more column of the softmax for each head, {@code [heads]}, of the type of q
   */
  public MlxArray attention(
      MlxArray q,
      MlxArray k,
      MlxArray v,
      double scale,
      boolean causal,
      Optional<MlxArray> seen,
      Optional<MlxArray> sinks) {
    Words words = g.words();
    long mode = causal ? words.causal() : seen.isPresent() ? words.array() : words.empty();
    return g.made(
        MlxC.mlx_fast_scaled_dot_product_attention(
            g.scratch().result(),
            q.handle(),
            k.handle(),
            v.handle(),
            (float) scale,
            mode,
            Recording.handle(seen),
            Recording.handle(sinks),
            g.stream()));
  }
}
