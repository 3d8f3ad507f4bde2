package dev.brigade.engine.ggml.binding;

/**
 * A graph while it is noted: a context for its tensors, the order in which they are computed, and
 * ggml's operations, each of which notes one more tensor. Shapes are given innermost first, as ggml
 * does; offsets and strides are in bytes. Freed by its owner.
 */
public final class GraphNotes implements AutoCloseable {
  private final long most;
  private final long context;
  private final long graph;
  private long noted;
  private boolean closed;

  /**
   * @param most tensors that there may be; ggml ends the process when there are more
   */
  public GraphNotes(long most) {
    this.most = most;
    context = GraphContext.open(most, most);
    graph = Ggml.ggml_new_graph_custom(context, most, (byte) 0);
  }

  /** The context, for one more tensor. */
  private long next() {
    if (++noted > most) {
      throw new IllegalStateException("a graph of more than " + most + " tensors");
    }
    return context;
  }

  private static GgmlTensor of(long tensor) {
    return new GgmlTensor(tensor);
  }

  /** Tensors so far. */
  public long noted() {
    return noted;
  }

  long graph() {
    return graph;
  }

  /** A tensor that is filled from outside before every run. */
  public GgmlTensor input(GgmlType type, long ne0, long ne1) {
    long tensor =
        ne1 == 1
            ? Ggml.ggml_new_tensor_1d(next(), type.code(), ne0)
            : Ggml.ggml_new_tensor_2d(next(), type.code(), ne0, ne1);
    Ggml.ggml_set_input(tensor);
    GgmlTensor input = of(tensor);
    // Has memory even if nothing comes to use it, as in a last layer of which only the cache is
    // wanted.
    compute(input);
    return input;
  }

  /** Says that a tensor, and what it is made of, is computed after all that was said before. */
  public void compute(GgmlTensor tensor) {
    Ggml.ggml_build_forward_expand(graph, tensor.address());
  }

  /** Says that a tensor is read after a run, so that nothing else takes its memory. */
  public void output(GgmlTensor tensor) {
    Ggml.ggml_set_output(tensor.address());
    compute(tensor);
  }

  // ---- shapes ---------------------------------------------------------------------------------

  /** A tensor that only gives its shape to {@link #repeat}. */
  public GgmlTensor like(GgmlType type, long ne0, long ne1, long ne2) {
    return of(Ggml.ggml_new_tensor_3d(next(), type.code(), ne0, ne1, ne2));
  }

  public GgmlTensor reshape(GgmlTensor a, long ne0, long ne1) {
    return of(Ggml.ggml_reshape_2d(next(), a.address(), ne0, ne1));
  }

  public GgmlTensor reshape(GgmlTensor a, long ne0, long ne1, long ne2) {
    return of(Ggml.ggml_reshape_3d(next(), a.address(), ne0, ne1, ne2));
  }

  public GgmlTensor view(GgmlTensor a, long ne0, long offset) {
    return of(Ggml.ggml_view_1d(next(), a.address(), ne0, offset));
  }

  public GgmlTensor view(GgmlTensor a, long ne0, long ne1, long stride1, long offset) {
    return of(Ggml.ggml_view_2d(next(), a.address(), ne0, ne1, stride1, offset));
  }

  public GgmlTensor view(
      GgmlTensor a, long ne0, long ne1, long ne2, long stride1, long stride2, long offset) {
    return of(Ggml.ggml_view_3d(next(), a.address(), ne0, ne1, ne2, stride1, stride2, offset));
  }

  public GgmlTensor permute(GgmlTensor a, int axis0, int axis1, int axis2, int axis3) {
    return of(Ggml.ggml_permute(next(), a.address(), axis0, axis1, axis2, axis3));
  }

  /** A copy without gaps. */
  public GgmlTensor cont(GgmlTensor a) {
    return of(Ggml.ggml_cont(next(), a.address()));
  }

  public GgmlTensor copy(GgmlTensor source, GgmlTensor target) {
    return of(Ggml.ggml_cpy(next(), source.address(), target.address()));
  }

  public GgmlTensor cast(GgmlTensor a, GgmlType type) {
    return of(Ggml.ggml_cast(next(), a.address(), type.code()));
  }

  public GgmlTensor concat(GgmlTensor a, GgmlTensor b, int dimension) {
    return of(Ggml.ggml_concat(next(), a.address(), b.address(), dimension));
  }

  public GgmlTensor repeat(GgmlTensor a, GgmlTensor shape) {
    return of(Ggml.ggml_repeat(next(), a.address(), shape.address()));
  }

  public GgmlTensor getRows(GgmlTensor a, GgmlTensor ids) {
    return of(Ggml.ggml_get_rows(next(), a.address(), ids.address()));
  }

  // ---- arithmetic -----------------------------------------------------------------------------

  public GgmlTensor mulMat(GgmlTensor weight, GgmlTensor x) {
    return of(Ggml.ggml_mul_mat(next(), weight.address(), x.address()));
  }

  /** By the matrices of a stack that the ids name. */
  public GgmlTensor mulMatId(GgmlTensor weights, GgmlTensor x, GgmlTensor ids) {
    return of(Ggml.ggml_mul_mat_id(next(), weights.address(), x.address(), ids.address()));
  }

  public GgmlTensor add(GgmlTensor a, GgmlTensor b) {
    return of(Ggml.ggml_add(next(), a.address(), b.address()));
  }

  public GgmlTensor sub(GgmlTensor a, GgmlTensor b) {
    return of(Ggml.ggml_sub(next(), a.address(), b.address()));
  }

  public GgmlTensor mul(GgmlTensor a, GgmlTensor b) {
    return of(Ggml.ggml_mul(next(), a.address(), b.address()));
  }

  public GgmlTensor div(GgmlTensor a, GgmlTensor b) {
    return of(Ggml.ggml_div(next(), a.address(), b.address()));
  }

  public GgmlTensor scale(GgmlTensor a, float factor) {
    return of(Ggml.ggml_scale(next(), a.address(), factor));
  }

  /** Older versions clamp in place. */
  public GgmlTensor clamp(GgmlTensor a, float low, float high) {
    return of(Ggml.ggml_clamp(next(), a.address(), low, high));
  }

  public GgmlTensor silu(GgmlTensor a) {
    return of(Ggml.ggml_silu(next(), a.address()));
  }

  public GgmlTensor gelu(GgmlTensor a) {
    return of(Ggml.ggml_gelu(next(), a.address()));
  }

  public GgmlTensor sigmoid(GgmlTensor a) {
    return of(Ggml.ggml_sigmoid(next(), a.address()));
  }

  public GgmlTensor tanh(GgmlTensor a) {
    return of(Ggml.ggml_tanh(next(), a.address()));
  }

  /** 1 for what is greater than 0, else 0. */
  public GgmlTensor step(GgmlTensor a) {
    return of(Ggml.ggml_step(next(), a.address()));
  }

  public GgmlTensor log(GgmlTensor a) {
    return of(Ggml.ggml_log(next(), a.address()));
  }

  public GgmlTensor sumRows(GgmlTensor a) {
    return of(Ggml.ggml_sum_rows(next(), a.address()));
  }

  /** Columns of each row in their order. */
  public GgmlTensor argsort(GgmlTensor a, Order order) {
    return of(Ggml.ggml_argsort(next(), a.address(), order.ordinal()));
  }

  /** {@code enum ggml_sort_order}. */
  public enum Order {
    ASCENDING,
    DESCENDING
  }

  public GgmlTensor rmsNorm(GgmlTensor a, float epsilon) {
    return of(Ggml.ggml_rms_norm(next(), a.address(), epsilon));
  }

  public GgmlTensor softmax(GgmlTensor a) {
    return of(Ggml.ggml_soft_max(next(), a.address()));
  }

  /** Of {@code a + mask}. */
  public GgmlTensor softmax(GgmlTensor a, GgmlTensor mask) {
    return of(Ggml.ggml_soft_max_ext(next(), a.address(), mask.address(), 1, 0));
  }

  /**
   * Rotates columns by position / divisor.
   *
   * @param columns how many, from the first
   * @param halves whether columns i and i+n belong together, rather than 2i and 2i+1
   */
  public GgmlTensor rope(
      GgmlTensor a,
      GgmlTensor positions,
      GgmlTensor divisors,
      int columns,
      boolean halves,
      float magnitude) {
    int mode = halves ? Ggml.ROPE_HALVES : Ggml.ROPE_INTERLEAVED;
    return of(
        Ggml.ggml_rope_ext(
            next(),
            a.address(),
            positions.address(),
            divisors.address(),
            columns,
            mode,
            0,
            1,
            1,
            0,
            magnitude,
            0,
            0));
  }

  /**
   * Fused attention.
   *
   * @param softcap 0 for none
   */
  public GgmlTensor flashAttention(
      GgmlTensor q, GgmlTensor k, GgmlTensor v, GgmlTensor mask, float scale, float softcap) {
    return of(
        Ggml.ggml_flash_attn_ext(
            next(), q.address(), k.address(), v.address(), mask.address(), scale, 0, softcap));
  }

  // ---- only of a current version, see GgmlRuntime ---------------------------------------------

  /** Replaces rows of a target, which may be of another type. */
  public GgmlTensor setRows(GgmlTensor target, GgmlTensor rows, GgmlTensor indices) {
    return of(
        GgmlCurrent.ggml_set_rows(next(), target.address(), rows.address(), indices.address()));
  }

  public GgmlTensor swiglu(GgmlTensor gate, GgmlTensor up) {
    return of(GgmlCurrent.ggml_swiglu_split(next(), gate.address(), up.address()));
  }

  public GgmlTensor geglu(GgmlTensor gate, GgmlTensor up) {
    return of(GgmlCurrent.ggml_geglu_split(next(), gate.address(), up.address()));
  }

  public GgmlTensor clampedSwiglu(GgmlTensor gate, GgmlTensor up, float alpha, float limit) {
    return of(GgmlCurrent.ggml_swiglu_oai(next(), gate.address(), up.address(), alpha, limit));
  }

  /** Adds to each expert's product the row of its id. */
  public GgmlTensor addId(GgmlTensor a, GgmlTensor biases, GgmlTensor ids) {
    return of(GgmlCurrent.ggml_add_id(next(), a.address(), biases.address(), ids.address()));
  }

  /** Gives fused attention one more column of the softmax for each head. */
  public void addSinks(GgmlTensor attention, GgmlTensor sinks) {
    GgmlCurrent.ggml_flash_attn_ext_add_sinks(attention.address(), sinks.address());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Ggml.ggml_free(context);
    }
  }
}
