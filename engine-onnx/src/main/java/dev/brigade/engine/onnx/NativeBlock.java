package dev.brigade.engine.onnx;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Memory outside the heap that is freed when its owner says so, which Java's own direct buffers are
 * not. The system gives its pages when they are first touched. Views must not be used after {@link
 * #close}.
 */
final class NativeBlock implements AutoCloseable {
  private final long address;
  private final long bytes;
  private boolean closed;

  private NativeBlock(long address, long bytes) {
    this.address = address;
    this.bytes = bytes;
  }

  /**
   * Takes memory, with whatever is in it.
   *
   * @throws OutOfMemoryError if the system gives none
   */
  static NativeBlock allocate(long bytes) {
    long address = Native.malloc(Math.max(1, bytes));
    if (address == 0) {
      throw new OutOfMemoryError("the system gave no " + bytes + " bytes");
    }
    return new NativeBlock(address, bytes);
  }

  /** The bytes from {@code offset} on, less than 2 GiB. */
  ByteBuffer view(long offset, long count) {
    if (closed || offset < 0 || count < 0 || offset + count > bytes) {
      throw new IllegalArgumentException(
          "bytes %d to %d of a block of %d%s"
              .formatted(offset, offset + count, bytes, closed ? ", closed" : ""));
    }
    return new Pointer(address)
        .getByteBuffer(offset, Math.toIntExact(count))
        .order(ByteOrder.nativeOrder());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Native.free(address);
    }
  }
}
