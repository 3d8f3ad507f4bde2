package dev.brigade.engine.onnx;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory outside the heap that is freed when its owner says so, which Java's own direct buffers are
 * not. The system gives its pages when they are first touched. Views must not be used after {@link
 * #close}.
 */
final class NativeBlock implements AutoCloseable {
  private static final long PAGE = 16 << 10;

  /** {@code MADV_DONTNEED} of Linux, {@code MADV_FREE} of macOS. */
  private static final int DONT_NEED = Platform.isMac() ? 5 : 4;

  private static final Optional<Function> ADVISE = advise();

  private static final AtomicLong HELD = new AtomicLong();

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
    HELD.addAndGet(bytes);
    return new NativeBlock(address, bytes);
  }

  /** Bytes of all blocks that are not closed. */
  static long heldBytes() {
    return HELD.get();
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

  /**
   * Gives the whole pages within a range back to the system, where it takes them; what was in the
   * range is lost.
   */
  void discard(long offset, long count) {
    long begin = roundUp(address + offset);
    long end = (address + offset + count) / PAGE * PAGE;
    if (ADVISE.isPresent() && end > begin) {
      // Only an advice: that it was not taken does no harm.
      ADVISE.get().invokeInt(new Object[] {new Pointer(begin), end - begin, DONT_NEED});
    }
  }

  private static long roundUp(long address) {
    return (address + PAGE - 1) / PAGE * PAGE;
  }

  private static Optional<Function> advise() {
    return Platform.isLinux() || Platform.isMac()
        ? Optional.of(Function.getFunction("c", "madvise"))
        : Optional.empty();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Native.free(address);
      HELD.addAndGet(-bytes);
    }
  }
}
