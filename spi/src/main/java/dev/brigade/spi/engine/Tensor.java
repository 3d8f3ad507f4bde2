package dev.brigade.spi.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Numbers in row-major order in a buffer that the caller owns. Engines read and write between the
 * buffer's position and limit and leave both as they are.
 *
 * @param type element type
 * @param shape sizes, outermost first
 * @param data little-endian, with exactly the bytes of {@code shape} remaining; direct where it is
 *     handed to an engine
 */
public record Tensor(DType type, List<Long> shape, ByteBuffer data) {
  public Tensor {
    shape = List.copyOf(shape);
    long bytes = bytes(type, shape);
    if (data.remaining() != bytes) {
      throw new IllegalArgumentException(
          "tensor "
              + type
              + shape
              + " takes "
              + bytes
              + " bytes, the buffer has "
              + data.remaining());
    }
    if (data.order() != ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalArgumentException("tensor buffer must be little-endian");
    }
  }

  /** A new tensor of zeros in direct memory. */
  public static Tensor allocate(DType type, long... shape) {
    List<Long> sizes = java.util.Arrays.stream(shape).boxed().toList();
    int bytes = Math.toIntExact(bytes(type, sizes));
    return new Tensor(type, sizes, ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** Token ids as the input of a first shard: {@code I32 [ids.length]}, in direct memory. */
  public static Tensor ofIds(int... ids) {
    Tensor tensor = allocate(DType.I32, ids.length);
    tensor.data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().put(ids);
    return tensor;
  }

  /** Size of one dimension. */
  public int size(int dimension) {
    return Math.toIntExact(shape.get(dimension));
  }

  /** A view of the bytes with a position and limit of its own. */
  public ByteBuffer bytes() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static long bytes(DType type, List<Long> shape) {
    long elements = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("tensor shape " + shape + " has a negative size");
      }
      elements = Math.multiplyExact(elements, size);
    }
    return Math.multiplyExact(elements, type.bytes());
  }
}
