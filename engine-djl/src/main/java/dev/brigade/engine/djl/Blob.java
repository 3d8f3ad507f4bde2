package dev.brigade.engine.djl;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.brigade.spi.engine.DType;
import java.nio.ByteBuffer;

/**
 * A PyTorch tensor in main memory over a caller's direct buffer: nothing is copied, and closing the
 * tensor leaves the buffer alone. bf16, which DJL does not know, is passed as its bytes.
 */
final class Blob {
  private Blob() {}

  /**
   * The rows {@code [from, to)} of a matrix, or of a vector if {@code width} is 0.
   *
   * @param data bytes of the whole matrix from position to limit
   */
  static PtNDArray rows(
      PtNDManager manager, ByteBuffer data, DType type, int width, int from, int to) {
    int row = Math.max(width, 1) * type.bytes();
    ByteBuffer own = data.slice(data.position() + from * row, (to - from) * row);
    Shape shape = width == 0 ? new Shape(to - from) : new Shape(to - from, width);
    return switch (type) {
      case F32 -> manager.create(own, shape, DataType.FLOAT32);
      case F16 -> manager.create(own, shape, DataType.FLOAT16);
      case I32 -> manager.create(own, shape, DataType.INT32);
      case BF16 -> manager.create(own, new Shape(to - from, width * 2L), DataType.UINT8);
    };
  }

  /** All bytes of a buffer. */
  static PtNDArray bytes(PtNDManager manager, ByteBuffer data) {
    return manager.create(data.slice(), new Shape(data.remaining()), DataType.UINT8);
  }

  /** A whole f32 tensor of three dimensions. */
  static PtNDArray cube(PtNDManager manager, ByteBuffer data, long... sizes) {
    return manager.create(data.slice(), new Shape(sizes), DataType.FLOAT32);
  }
}
