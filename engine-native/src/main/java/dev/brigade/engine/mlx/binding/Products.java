package dev.brigade.engine.mlx.binding;

import java.util.Optional;

/** Products of matrices, element by element or quantised, noted down in a recording. */
public final class Products {
  private final Recording g;

  Products(Recording g) {
    this.g = g;
  }

  public MlxArray matmul(MlxArray a, MlxArray b) {
    return g.made(MlxC.mlx_matmul(g.scratch().result(), a.handle(), b.handle(), g.stream()));
  }

  /** {@code a · b + c}. */
  public MlxArray matmulAdd(MlxArray a, MlxArray b, MlxArray c) {
    return g.made(
        MlxC.mlx_addmm(g.scratch().result(), c.handle(), a.handle(), b.handle(), 1, 1, g.stream()));
  }

  /**
   * Every matrix of {@code a} times one of a stack.
   *
   * @param a {@code [..., m, in]}
   * @param stack {@code [n, in, out]}
   * @param which numbers into the stack; broadcast against the outer axes of {@code a}
   * @param sorted whether they ascend
   */
  public MlxArray gatherMatmul(MlxArray a, MlxArray stack, MlxArray which, boolean sorted) {
    return g.made(
        MlxC.mlx_gather_mm(
            g.scratch().result(),
            a.handle(),
            stack.handle(),
            0,
            which.handle(),
            Recording.flag(sorted),
            g.stream()));
  }

  /** {@code x · wᵀ}. */
  public MlxArray matmul(MlxArray x, Grouped w) {
    return g.made(
        MlxC.mlx_quantized_matmul(
            g.scratch().result(),
            x.handle(),
            w.packed().handle(),
            w.scales().handle(),
            Recording.handle(w.biases()),
            Recording.YES,
            MlxC.optional(w.groupSize()),
            MlxC.optional(w.bits()),
            g.words().of(w.mode()),
            g.stream()));
  }

  /** As {@link #gatherMatmul(MlxArray, MlxArray, MlxArray, boolean)}, with {@code wᵀ}. */
  public MlxArray gatherMatmul(MlxArray x, Grouped stack, MlxArray which, boolean sorted) {
    return g.made(
        MlxC.mlx_gather_qmm(
            g.scratch().result(),
            x.handle(),
            stack.packed().handle(),
            stack.scales().handle(),
            Recording.handle(stack.biases()),
            0,
            which.handle(),
            Recording.YES,
            MlxC.optional(stack.groupSize()),
            MlxC.optional(stack.bits()),
            g.words().of(stack.mode()),
            Recording.flag(sorted),
            g.stream()));
  }

  /** The numbers that are meant. */
  public MlxArray dequantize(Grouped w, MlxType type) {
    return g.made(
        MlxC.mlx_dequantize(
            g.scratch().result(),
            w.packed().handle(),
            w.scales().handle(),
            Recording.handle(w.biases()),
            MlxC.optional(w.groupSize()),
            MlxC.optional(w.bits()),
            g.words().of(w.mode()),
            0,
            MlxC.optional(type.code()),
            g.stream()));
  }

  /**
   * Quantises the rows of a matrix or of a stack, affine; their length is a multiple of the group.
   */
  public Grouped quantize(MlxArray w, int groupSize, int bits) {
    Errors.INSTANCE.check(
        MlxC.mlx_quantize(
            g.scratch().result(),
            w.handle(),
            MlxC.optional(groupSize),
            MlxC.optional(bits),
            g.words().of(Grouped.Mode.AFFINE),
            0,
            g.stream()));
    long vector = g.scratch().written();
    try {
      return new Grouped(
          Grouped.Mode.AFFINE,
          entry(vector, 0),
          entry(vector, 1),
          Optional.of(entry(vector, 2)),
          groupSize,
          bits);
    } finally {
      MlxC.mlx_vector_array_free(vector);
    }
  }

  private MlxArray entry(long vector, int index) {
    return g.made(MlxC.mlx_vector_array_get(g.scratch().result(), vector, index));
  }
}
