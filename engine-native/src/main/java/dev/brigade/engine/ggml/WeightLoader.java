package dev.brigade.engine.ggml;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Reads weights from a checkpoint into memory of ggml's, quantising on the way where asked to.
 * Large ones go in slices, since a buffer of Java ends at 2 GiB and a cancellation should not wait.
 */
final class WeightLoader {
  private static final long SLICE_BYTES = 64L << 20;

  private final GgmlRuntime runtime;
  private final Checkpoint checkpoint;
  private final Cancellation cancel;

  WeightLoader(GgmlRuntime runtime, Checkpoint checkpoint, Cancellation cancel) {
    this.runtime = runtime;
    this.checkpoint = checkpoint;
    this.cancel = cancel;
  }

  /** The weight, which the caller closes. */
  TensorBlock load(WeightKey key) throws EngineException {
    TensorBlock block = allocate(key);
    try {
      if (key.type().isQuantized()) {
        quantize(key, block);
      } else {
        copy(key, block);
      }
      block.markAsWeights();
      return block;
    } catch (EngineException | RuntimeException e) {
      block.close();
      throw e;
    }
  }

  private TensorBlock allocate(WeightKey key) throws EngineException {
    String what = "weight " + key;
    if (key.packed()) {
      Optional<TensorBlock> packed = TensorBlock.allocatePacked(runtime, what, key.layout());
      if (packed.isPresent()) {
        return packed.get();
      }
    }
    return TensorBlock.allocate(runtime.bufferType(), what, List.of(key.layout()));
  }

  private void copy(WeightKey key, TensorBlock block) throws EngineException {
    DType type =
        switch (key.type()) {
          case F16 -> DType.F16;
          case BF16 -> DType.BF16;
          default -> DType.F32;
        };
    long[] offset = {0};
    forEachSlice(
        key.weight(),
        type,
        bytes -> {
          Ggml.ggml_backend_tensor_set(
              block.tensor(0), address(bytes), offset[0], bytes.remaining());
          offset[0] += bytes.remaining();
        });
  }

  /** Packed memory takes a matrix in one piece only, so it is quantised as a whole first. */
  private void quantize(WeightKey key, TensorBlock block) throws EngineException {
    List<Long> shape = key.weight().shape();
    long width = shape.get(shape.size() - 1);
    try (Memory quantized = new Memory(key.bytes())) {
      long target = Pointer.nativeValue(quantized);
      long[] offset = {0};
      forEachSlice(
          key.weight(),
          DType.F32,
          bytes ->
              offset[0] +=
                  Ggml.ggml_quantize_chunk(
                      key.type().code(),
                      address(bytes),
                      target + offset[0],
                      0,
                      bytes.remaining() / 4 / width,
                      width,
                      0));
      Ggml.ggml_backend_tensor_set(block.tensor(0), target, 0, key.bytes());
    }
  }

  @FunctionalInterface
  private interface SliceTaker {
    void take(ByteBuffer bytes);
  }

  private void forEachSlice(Weight weight, DType type, SliceTaker taker) throws EngineException {
    long entries = weight.shape().get(0);
    long entryBytes = weight.elements() / entries * type.bytes();
    long step = Math.max(1, SLICE_BYTES / entryBytes);
    for (long from = 0; from < entries; from += step) {
      if (cancel.isCancelled()) {
        throw new EngineException.Cancelled();
      }
      long to = Math.min(entries, from + step);
      Weight slice = from == 0 && to == entries ? weight : weight.rows(from, to);
      Tensor read = checkpoint.read(slice, type);
      taker.take(read.bytes());
      // The address of a buffer does not keep it alive.
      java.lang.ref.Reference.reachabilityFence(read);
    }
  }

  /** Where a direct buffer's remaining bytes begin. */
  static long address(ByteBuffer bytes) {
    return Pointer.nativeValue(Native.getDirectBufferPointer(bytes)) + bytes.position();
  }
}
