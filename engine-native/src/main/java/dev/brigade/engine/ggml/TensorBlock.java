package dev.brigade.engine.ggml;

import dev.brigade.spi.engine.InsufficientMemoryException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Tensors with memory of their own, which are freed together. */
final class TensorBlock implements AutoCloseable {
  private static final AtomicInteger OPEN = new AtomicInteger();

  /** Room for operations on the tensors that are only asked about. */
  private static final int SPARE_TENSORS = 4;

  /** {@code GGML_BACKEND_BUFFER_USAGE_WEIGHTS}. */
  static final int USE_AS_WEIGHTS = 1;

  private final long context;
  private final long buffer;
  private final List<Long> tensors;

  /** Memory of others, which goes when nobody can reach it any more. */
  private Optional<ByteBuffer> borrowed;

  private boolean closed;

  private TensorBlock(
      long context, long buffer, List<Long> tensors, Optional<ByteBuffer> borrowed) {
    this.context = context;
    this.buffer = buffer;
    this.tensors = tensors;
    this.borrowed = borrowed;
    OPEN.incrementAndGet();
  }

  /**
   * One tensor.
   *
   * @param shape sizes, outermost first
   */
  record Layout(GgmlType type, List<Long> shape) {
    Layout {
      shape = List.copyOf(shape);
      if (shape.isEmpty() || shape.size() > 3 || shape.stream().anyMatch(size -> size < 1)) {
        throw new IllegalArgumentException("a tensor of shape " + shape + " cannot be made");
      }
      long row = shape.get(shape.size() - 1);
      if (row % type.blockElements() != 0) {
        throw new IllegalArgumentException("rows of " + row + " elements cannot be " + type);
      }
    }

    long bytes() {
      return type.bytes(shape.stream().reduce(1L, Math::multiplyExact));
    }

    private long in(long context) {
      int last = shape.size() - 1;
      return switch (shape.size()) {
        case 1 -> Ggml.ggml_new_tensor_1d(context, type.code(), shape.get(0));
        case 2 -> Ggml.ggml_new_tensor_2d(context, type.code(), shape.get(last), shape.get(0));
        default ->
            Ggml.ggml_new_tensor_3d(
                context, type.code(), shape.get(last), shape.get(last - 1), shape.get(0));
      };
    }
  }

  /**
   * Memory for some tensors, not initialised.
   *
   * @param what they are, for a person to read
   */
  static TensorBlock allocate(long bufferType, String what, List<Layout> layouts)
      throws InsufficientMemoryException {
    long context = GraphContext.open(layouts.size() + SPARE_TENSORS);
    List<Long> tensors = new ArrayList<>();
    for (Layout layout : layouts) {
      tensors.add(layout.in(context));
    }
    long buffer = Ggml.ggml_backend_alloc_ctx_tensors_from_buft(context, bufferType);
    if (buffer == 0) {
      Ggml.ggml_free(context);
      long bytes = layouts.stream().mapToLong(Layout::bytes).sum();
      throw new InsufficientMemoryException(what, bytes, 0);
    }
    return new TensorBlock(context, buffer, List.copyOf(tensors), Optional.empty());
  }

  /**
   * A tensor whose memory is there already, such as part of a mapped file. The block keeps the
   * buffer reachable, and never writes to it.
   *
   * @return empty if the device cannot use memory that is not its own, or wants it aligned
   *     otherwise
   */
  static Optional<TensorBlock> over(GgmlDevice device, ByteBuffer memory, Layout layout) {
    long address = WeightLoader.address(memory);
    if (address % Ggml.ggml_backend_buft_get_alignment(device.bufferType()) != 0
        || memory.remaining() != layout.bytes()) {
      return Optional.empty();
    }
    long buffer =
        Ggml.ggml_backend_dev_buffer_from_host_ptr(
            device.handle(), address, layout.bytes(), layout.bytes());
    if (buffer == 0) {
      return Optional.empty();
    }
    long context = GraphContext.open(1);
    long tensor = layout.in(context);
    int status = Ggml.ggml_backend_tensor_alloc(buffer, tensor, address);
    TensorBlock block = new TensorBlock(context, buffer, List.of(tensor), Optional.of(memory));
    if (status != Ggml.SUCCESS) {
      block.close();
      return Optional.empty();
    }
    return Optional.of(block);
  }

  /**
   * Memory in which the processor has a way of its own to multiply by a matrix, or by a stack of
   * them; asked by making one.
   */
  static Optional<Long> packing(GgmlDevice device, Layout layout) {
    for (long bufferType : device.packedBufferTypes()) {
      try (TensorBlock block = allocate(bufferType, "a weight", List.of(layout))) {
        if (block.canBeMultiplied(device.handle(), layout)) {
          return Optional.of(bufferType);
        }
      } catch (InsufficientMemoryException e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private boolean canBeMultiplied(long device, Layout layout) {
    long width = layout.shape().get(layout.shape().size() - 1);
    long weight = tensors.get(0);
    long product;
    if (layout.shape().size() == 2) {
      long x = Ggml.ggml_new_tensor_2d(context, GgmlType.F32.code(), width, 1);
      product = Ggml.ggml_mul_mat(context, weight, x);
    } else {
      long x = Ggml.ggml_new_tensor_3d(context, GgmlType.F32.code(), width, 1, 1);
      long ids = Ggml.ggml_new_tensor_2d(context, GgmlType.I32.code(), 1, 1);
      product = Ggml.ggml_mul_mat_id(context, weight, x, ids);
    }
    return Ggml.ggml_backend_dev_supports_op(device, product) != 0;
  }

  /** Blocks that are not closed, in the whole process. */
  static int open() {
    return OPEN.get();
  }

  /** A tensor by its place in the list. */
  long tensor(int index) {
    return tensors.get(index);
  }

  /** Memory taken. */
  long bytes() {
    return Ggml.ggml_backend_buffer_get_size(buffer);
  }

  /** Fills everything with zeros. */
  void clear() {
    Ggml.ggml_backend_buffer_clear(buffer, (byte) 0);
  }

  /** Says that nothing writes to this any more. */
  void markAsWeights() {
    Ggml.ggml_backend_buffer_set_usage(buffer, USE_AS_WEIGHTS);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Ggml.ggml_backend_buffer_free(buffer);
      Ggml.ggml_free(context);
      borrowed = Optional.empty();
      OPEN.decrementAndGet();
    }
  }
}
