package dev.brigade.engine.ggml.binding;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Memory outside of Java's heap, of any size. Freed by its owner. */
public final class NativeBytes implements AutoCloseable {
  private final Memory memory;

  private NativeBytes(Memory memory) {
    this.memory = memory;
  }

  /** So many bytes, not initialised; one at least. */
  public static NativeBytes allocate(long size) {
    return new NativeBytes(new Memory(size));
  }

  public long size() {
    return memory.size();
  }

  /** A part of them, little-endian; must not be used once they are closed. */
  public ByteBuffer slice(long from, long size) {
    return memory.getByteBuffer(from, size).order(ByteOrder.LITTLE_ENDIAN);
  }

  long address() {
    return Pointer.nativeValue(memory);
  }

  /** Where a direct buffer's remaining bytes begin. */
  static long address(ByteBuffer bytes) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(bytes)) + bytes.position();
  }

  @Override
  public void close() {
    memory.close();
  }
}
