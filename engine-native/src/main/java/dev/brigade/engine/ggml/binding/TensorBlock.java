package dev.brigade.engine.ggml.binding;

import dev.brigade.spi.engine.InsufficientMemoryException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Tensors with memory of their own, which are freed together. */
public final class TensorBlock implements AutoCloseable {
  private static final AtomicInteger OPEN = new AtomicInteger();

  /** Room for operations on the tensors that are only asked about. */
  private static final int SPARE_TENSORS = 4;

  /** {@code GGML_BACKEND_BUFFER_USAGE_WEIGHTS}. */
  static final int USE_AS_WEIGHTS = 1;

  private final long context;
  private final long buffer;
  private final List<GgmlTensor> tensors;

  /** Memory of others, which goes when nobody can reach it any more. */
  private Optional<ByteBuffer> borrowed;

  private boolean closed;

  private TensorBlock(
      long context, long buffer, List<GgmlTensor> tensors, Optional<ByteBuffer> borrowed) {
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
  public record Layout(GgmlType type, List<Long> shape) {
    public Layout {
      shape = List.copyOf(shape);
      if (shape.isEmpty() || shape.size() > 3 || shape.stream().anyMatch(size -> size < 1)) {
        throw new IllegalArgumentException("a tensor of shape " + shape + " cannot be made");
      }
      long row = shape.get(shape.size() - 1);
      if (row % type.blockElements() != 0) {
        throw new IllegalArgumentException("rows of " + row + " elements cannot be " + type);
      }
    }

    public long bytes() {
      return type.bytes(shape.stream().reduce(1L, Math::multiplyExact));
    }

    private GgmlTensor in(long context) {
      int last = shape.size() - 1;
      long tensor =
          switch (shape.size()) {
            case 1 -> Ggml.ggml_new_tensor_1d(context, type.code(), shape.get(0));
            case 2 -> Ggml.ggml_new_tensor_2d(context, type.code(), shape.get(last), shape.get(0));
            default ->
                Ggml.ggml_new_tensor_3d(
                    context, type.code(), shape.get(last), shape.get(last - 1), shape.get(0));
          };
      return new GgmlTensor(tensor);
    }
  }

  /**
   * Memory for some tensors, not initialised.
   *
   * @param what they are, for a person to read
   */
  public static TensorBlock allocate(GgmlDevice device, String what, List<Layout> layouts)
      throws InsufficientMemoryException {
    return allocate(device.bufferType(), what, layouts);
  }

  /** Memory for one matrix, or a stack, that the device {@linkplain GgmlDevice#packs packs}. */
  public static TensorBlock allocatePacked(GgmlDevice device, String what, Layout layout)
      throws InsufficientMemoryException {
    return allocate(device.packing(layout).orElseThrow(), what, List.of(layout));
  }

  private static TensorBlock allocate(BufferType bufferType, String what, List<Layout> layouts)
      throws InsufficientMemoryException {
    long context = GraphContext.open(layouts.size() + SPARE_TENSORS);
    List<GgmlTensor> tensors = new ArrayList<>();
    for (Layout layout : layouts) {
      tensors.add(layout.in(context));
    }
    long buffer = Ggml.ggml_backend_alloc_ctx_tensors_from_buft(context, bufferType.handle());
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
  public static Optional<TensorBlock> over(GgmlDevice device, ByteBuffer memory, Layout layout) {
    long address = NativeBytes.address(memory);
    if (address % Ggml.ggml_backend_buft_get_alignment(device.bufferType().handle()) != 0
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
    GgmlTensor tensor = layout.in(context);
    int status = Ggml.ggml_backend_tensor_alloc(buffer, tensor.address(), address);
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
  static Optional<BufferType> packing(GgmlDevice device, Layout layout) {
    for (BufferType bufferType : device.packedBufferTypes()) {
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
    long weight = tensors.get(0).address();
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
  public static int open() {
    return OPEN.get();
  }

  /** Whether its memory is that of others, such as a mapped file. */
  public boolean isBorrowed() {
    return borrowed.isPresent();
  }

  /** A tensor by its place in the list. */
  public GgmlTensor tensor(int index) {
    return tensors.get(index);
  }

  /** Memory taken. */
  public long bytes() {
    return Ggml.ggml_backend_buffer_get_size(buffer);
  }

  /** Fills everything with zeros. */
  public void clear() {
    Ggml.ggml_backend_buffer_clear(buffer, (byte) 0);
  }

  /** Says that nothing writes to this any more. */
  public void markAsWeights() {
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
