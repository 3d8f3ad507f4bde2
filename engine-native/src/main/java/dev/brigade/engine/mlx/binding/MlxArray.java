package dev.brigade.engine.mlx.binding;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One handle of an array of MLX's. It belongs to the recording that made it until that is closed,
 * or to whoever had it kept ({@link Recording#keep}), who closes it.
 */
public final class MlxArray implements AutoCloseable {
  private static final AtomicLong OPEN = new AtomicLong();

  private long handle;
  private boolean kept;

  MlxArray(long handle) {
    this.handle = handle;
    OPEN.incrementAndGet();
  }

  /** Handles that nobody has closed yet, in the whole process. */
  public static long open() {
    return OPEN.get();
  }

  long handle() {
    if (handle == 0) {
      throw new IllegalStateException("an array is used after it was closed");
    }
    return handle;
  }

  boolean isKept() {
    return kept;
  }

  void markKept() {
    kept = true;
  }

  /** Size of one dimension; a negative one counts from the innermost. */
  public int size(int dimension) {
    long count = MlxC.mlx_array_ndim(handle());
    return MlxC.mlx_array_dim(handle, (int) (dimension < 0 ? count + dimension : dimension));
  }

  /** Memory of its elements. */
  public long bytes() {
    return MlxC.mlx_array_nbytes(handle());
  }

  /**
   * Copies the elements of an array that is evaluated and row-major.
   *
   * @param target takes exactly as many bytes as the array has; its position moves on
   */
  public void copyTo(ByteBuffer target) {
    long size = bytes();
    if (size != target.remaining()) {
      throw new IllegalArgumentException(
          "an array of " + size + " bytes into a buffer of " + target.remaining());
    }
    if (size > 0) {
      long data = MlxC.mlx_array_data_uint8(handle);
      target.put(new Pointer(data).getByteBuffer(0, size).order(ByteOrder.nativeOrder()));
    }
  }

  /** Gives the handle back; idempotent. */
  @Override
  public void close() {
    if (handle != 0) {
      long closing = handle;
      handle = 0;
      OPEN.decrementAndGet();
      MlxC.mlx_array_free(closing);
    }
  }
}
