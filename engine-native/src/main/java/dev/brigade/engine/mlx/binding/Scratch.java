package dev.brigade.engine.mlx.binding;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A little native memory for what goes to and fro by pointer: a result, and up to three lists of
 * sizes. Reused by every call, so each list is read by the very next one; for one thread.
 */
final class Scratch {
  private static final int LIST_BYTES = 64;
  private static final int MOST_SIZES = LIST_BYTES / Integer.BYTES;

  private final ByteBuffer memory =
      ByteBuffer.allocateDirect(4 * LIST_BYTES).order(ByteOrder.nativeOrder());
  private final long address = address(memory);

  /** Where a direct buffer's first byte is. */
  static long address(ByteBuffer buffer) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
  }

  /** Where a call writes its result; cleared, since mlx-c reuses a handle that it finds there. */
  long result() {
    memory.putLong(0, 0);
    return address;
  }

  /** What a call has written. */
  long written() {
    return memory.getLong(0);
  }

  int writtenInt() {
    return memory.getInt(0);
  }

  boolean writtenBool() {
    return memory.get(0) != 0;
  }

  /** Writes a list. */
  long list(int number, int... sizes) {
    if (sizes.length > MOST_SIZES) {
      throw new IllegalArgumentException(sizes.length + " dimensions, " + MOST_SIZES + " at most");
    }
    int offset = (number + 1) * LIST_BYTES;
    for (int i = 0; i < sizes.length; i++) {
      memory.putInt(offset + i * Integer.BYTES, sizes[i]);
    }
    return address + offset;
  }
}
