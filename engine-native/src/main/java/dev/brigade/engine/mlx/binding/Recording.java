package dev.brigade.engine.mlx.binding;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Operations noted down one after the other; nothing is computed before {@link Mlx#evaluate}. Owns
 * every array that its methods return until it is closed, except those that were kept. Close it
 * before evaluating: MLX reuses the memory only of what nobody can ask for any more. Used on MLX's
 * thread.
 */
public final class Recording implements AutoCloseable {
  static final byte YES = 1;
  private static final byte NO = 0;

  private final Mlx mlx;
  private final Scratch scratch;
  private final long stream;
  private final Products products = new Products(this);
  private final Kernels kernels = new Kernels(this);
  private final List<MlxArray> owned = new ArrayList<>(1024);

  Recording(Mlx mlx, Scratch scratch, long stream) {
    this.mlx = mlx;
    this.scratch = scratch;
    this.stream = stream;
  }

  /** Lets an array outlive this recording; whoever has it kept closes it. */
  public MlxArray keep(MlxArray array) {
    array.markKept();
    return array;
  }

  /** Operations recorded so far. */
  public int size() {
    return owned.size();
  }

  @Override
  public void close() {
    for (MlxArray array : owned) {
      if (!array.isKept()) {
        array.close();
      }
    }
    owned.clear();
  }

  private MlxArray own(long handle) {
    if (handle == 0) {
      throw Errors.INSTANCE.taken();
    }
    MlxArray array = new MlxArray(handle);
    owned.add(array);
    return array;
  }

  /** The array that a call has written, if it succeeded. */
  MlxArray made(int status) {
    Errors.INSTANCE.check(status);
    return own(scratch.written());
  }

  // ---- new arrays -----------------------------------------------------------------------------

  /**
   * Copies elements from direct memory, at once.
   *
   * @param elements row-major, of native byte order, from position to limit
   */
  public MlxArray copyOf(ByteBuffer elements, MlxType type, int... shape) {
    long count = 1;
    for (int size : shape) {
      count *= size;
    }
    if (!elements.isDirect() || elements.remaining() != count * type.bytes()) {
      throw new IllegalArgumentException(
          "%d elements of %s from a buffer of %d bytes in %s memory"
              .formatted(
                  count, type, elements.remaining(), elements.isDirect() ? "direct" : "heap"));
    }
    long data = Scratch.address(elements.slice());
    return own(MlxC.mlx_array_new_data(data, scratch.list(0, shape), shape.length, type.code()));
  }

  /** An f32 number. */
  public MlxArray number(double value) {
    return own(MlxC.mlx_array_new_float32((float) value));
  }

  public MlxArray zeros(MlxType type, int... shape) {
    long sizes = scratch.list(0, shape);
    return made(MlxC.mlx_zeros(scratch.result(), sizes, shape.length, type.code(), stream));
  }

  /** I32 {@code [to - from]}: the numbers {@code [from, to)}. */
  public MlxArray range(int from, int to) {
    return made(MlxC.mlx_arange(scratch.result(), from, to, 1, MlxType.I32.code(), stream));
  }

  // ---- element by element, shapes broadcast ---------------------------------------------------

  public MlxArray add(MlxArray a, MlxArray b) {
    return made(MlxC.mlx_add(scratch.result(), a.handle(), b.handle(), stream));
  }

  public MlxArray multiply(MlxArray a, MlxArray b) {
    return made(MlxC.mlx_multiply(scratch.result(), a.handle(), b.handle(), stream));
  }

  public MlxArray divide(MlxArray a, MlxArray b) {
    return made(MlxC.mlx_divide(scratch.result(), a.handle(), b.handle(), stream));
  }

  /** Quotients rounded down. */
  public MlxArray floorDivide(MlxArray a, MlxArray b) {
    return made(MlxC.mlx_floor_divide(scratch.result(), a.handle(), b.handle(), stream));
  }

  public MlxArray negative(MlxArray a) {
    return made(MlxC.mlx_negative(scratch.result(), a.handle(), stream));
  }

  public MlxArray sigmoid(MlxArray a) {
    return made(MlxC.mlx_sigmoid(scratch.result(), a.handle(), stream));
  }

  public MlxArray tanh(MlxArray a) {
    return made(MlxC.mlx_tanh(scratch.result(), a.handle(), stream));
  }

  /** Within {@code [low, high]}. */
  public MlxArray clip(MlxArray a, MlxArray low, MlxArray high) {
    return made(MlxC.mlx_clip(scratch.result(), a.handle(), low.handle(), high.handle(), stream));
  }

  public MlxArray equal(MlxArray a, MlxArray b) {
    return made(MlxC.mlx_equal(scratch.result(), a.handle(), b.handle(), stream));
  }

  public MlxArray lessEqual(MlxArray a, MlxArray b) {
    return made(MlxC.mlx_less_equal(scratch.result(), a.handle(), b.handle(), stream));
  }

  public MlxArray and(MlxArray a, MlxArray b) {
    return made(MlxC.mlx_logical_and(scratch.result(), a.handle(), b.handle(), stream));
  }

  /** {@code condition ? a : b}. */
  public MlxArray where(MlxArray condition, MlxArray a, MlxArray b) {
    return made(
        MlxC.mlx_where(scratch.result(), condition.handle(), a.handle(), b.handle(), stream));
  }

  public MlxArray cast(MlxArray a, MlxType type) {
    return made(MlxC.mlx_astype(scratch.result(), a.handle(), type.code(), stream));
  }

  // ---- along an axis --------------------------------------------------------------------------

  /** Softmax, added up in f32. */
  public MlxArray softmax(MlxArray a, int axis) {
    return made(MlxC.mlx_softmax_axis(scratch.result(), a.handle(), axis, YES, stream));
  }

  /** Sums; the axis stays, with size 1, if {@code keep}. */
  public MlxArray sum(MlxArray a, int axis, boolean keep) {
    return made(MlxC.mlx_sum_axis(scratch.result(), a.handle(), axis, flag(keep), stream));
  }

  /** U32: the order that sorts, ascending, equal ones as they come. */
  public MlxArray argsort(MlxArray a, int axis) {
    return made(MlxC.mlx_argsort_axis(scratch.result(), a.handle(), axis, stream));
  }

  /** Entries of one axis by their numbers. */
  public MlxArray take(MlxArray a, MlxArray indices, int axis) {
    return made(MlxC.mlx_take_axis(scratch.result(), a.handle(), indices.handle(), axis, stream));
  }

  /** {@code a[row, indices[row, j]]}, along an axis. */
  public MlxArray takeAlong(MlxArray a, MlxArray indices, int axis) {
    return made(
        MlxC.mlx_take_along_axis(scratch.result(), a.handle(), indices.handle(), axis, stream));
  }

  /** The same with {@code a[row, indices[row, j]]} replaced. */
  public MlxArray putAlong(MlxArray a, MlxArray indices, MlxArray values, int axis) {
    return made(
        MlxC.mlx_put_along_axis(
            scratch.result(), a.handle(), indices.handle(), values.handle(), axis, stream));
  }

  public MlxArray concat(List<MlxArray> parts, int axis) {
    long vector = mlx.vector(parts);
    try {
      return made(MlxC.mlx_concatenate_axis(scratch.result(), vector, axis, stream));
    } finally {
      MlxC.mlx_vector_array_free(vector);
    }
  }

  // ---- shapes ---------------------------------------------------------------------------------

  /** Another shape; one size may be -1. */
  public MlxArray reshape(MlxArray a, int... shape) {
    long sizes = scratch.list(0, shape);
    return made(MlxC.mlx_reshape(scratch.result(), a.handle(), sizes, shape.length, stream));
  }

  public MlxArray broadcast(MlxArray a, int... shape) {
    long sizes = scratch.list(0, shape);
    return made(MlxC.mlx_broadcast_to(scratch.result(), a.handle(), sizes, shape.length, stream));
  }

  /** The axes in another order. */
  public MlxArray transpose(MlxArray a, int... axes) {
    long order = scratch.list(0, axes);
    return made(MlxC.mlx_transpose_axes(scratch.result(), a.handle(), order, axes.length, stream));
  }

  /** The same elements, row-major in memory. */
  public MlxArray contiguous(MlxArray a) {
    return made(MlxC.mlx_contiguous(scratch.result(), a.handle(), NO, stream));
  }

  /** The entries {@code [start, stop)} of every axis. */
  public MlxArray slice(MlxArray a, int[] start, int[] stop) {
    int n = start.length;
    long from = scratch.list(0, start);
    long to = scratch.list(1, stop);
    long steps = scratch.list(2, ones(n));
    return made(MlxC.mlx_slice(scratch.result(), a.handle(), from, n, to, n, steps, n, stream));
  }

  /** The same with the entries {@code [start, stop)} replaced, in place if nobody else has it. */
  public MlxArray update(MlxArray a, MlxArray entries, int[] start, int[] stop) {
    int n = start.length;
    long from = scratch.list(0, start);
    long to = scratch.list(1, stop);
    long steps = scratch.list(2, ones(n));
    return made(
        MlxC.mlx_slice_update(
            scratch.result(), a.handle(), entries.handle(), from, n, to, n, steps, n, stream));
  }

  // ---- what has a class of its own ------------------------------------------------------------

  /** Products of matrices. */
  public Products products() {
    return products;
  }

  /** Norm, rotation, attention. */
  public Kernels kernels() {
    return kernels;
  }

  Scratch scratch() {
    return scratch;
  }

  long stream() {
    return stream;
  }

  Words words() {
    return mlx.words();
  }

  static long handle(Optional<MlxArray> array) {
    return array.map(MlxArray::handle).orElse(0L);
  }

  static byte flag(boolean value) {
    return value ? YES : NO;
  }

  private static int[] ones(int n) {
    int[] ones = new int[n];
    java.util.Arrays.fill(ones, 1);
    return ones;
  }
}
