package dev.brigade.cluster.stage;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalInt;

/**
 * The direct memory that passes go through, kept and grown, so that no pass allocates any. Owned by
 * the engine's thread.
 */
final class StageBuffers {
  private ByteBuffer input = empty();
  private ByteBuffer output = empty();

  /** {@code [rows]}, or {@code [rows, width]} if there is a width. */
  Tensor input(DType type, int rows, OptionalInt width) {
    List<Long> shape =
        width.isPresent() ? List.of((long) rows, (long) width.getAsInt()) : List.of((long) rows);
    int bytes = Math.multiplyExact(rows * type.bytes(), width.orElse(1));
    input = grown(input, bytes);
    return new Tensor(type, shape, view(input, bytes));
  }

  /** {@code [rows, width]}. */
  Tensor output(DType type, int rows, int width) {
    int bytes = Math.multiplyExact(rows * type.bytes(), width);
    output = grown(output, bytes);
    return new Tensor(type, List.of((long) rows, (long) width), view(output, bytes));
  }

  private static ByteBuffer grown(ByteBuffer buffer, int bytes) {
    return buffer.capacity() >= bytes
        ? buffer
        : ByteBuffer.allocateDirect(Integer.highestOneBit(Math.max(1, bytes - 1)) << 1);
  }

  private static ByteBuffer view(ByteBuffer buffer, int bytes) {
    return buffer.slice(0, bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer empty() {
    return ByteBuffer.allocateDirect(0);
  }
}
