package dev.brigade.engine.ggml.binding;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * A tensor of ggml's. Its owner, a {@link TensorBlock} or a graph, must be open while it is used.
 */
public final class GgmlTensor {
  private final long address;

  GgmlTensor(long address) {
    this.address = address;
  }

  long address() {
    return address;
  }

  /**
   * Writes bytes to where its memory is.
   *
   * @param bytes what remains of a direct buffer
   * @param offset where they go
   */
  public void set(ByteBuffer bytes, long offset) {
    Ggml.ggml_backend_tensor_set(address, NativeBytes.address(bytes), offset, bytes.remaining());
    // The address of a buffer does not keep it alive.
    Reference.reachabilityFence(bytes);
  }

  /** Writes all of some bytes. */
  public void set(NativeBytes bytes) {
    Ggml.ggml_backend_tensor_set(address, bytes.address(), 0, bytes.size());
  }

  /**
   * Reads bytes from where its memory is.
   *
   * @param target what remains of a direct buffer is filled
   * @param offset where they are
   */
  public void get(ByteBuffer target, long offset) {
    Ggml.ggml_backend_tensor_get(address, NativeBytes.address(target), offset, target.remaining());
    Reference.reachabilityFence(target);
  }
}
