package dev.brigade.model.weights;

import dev.brigade.spi.engine.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Part of a stored tensor, seen through other strides: what slicing and transposing come to,
 * without moving a byte.
 *
 * @param offset first element, counted from the start of the tensor
 * @param shape sizes, outermost first
 * @param strides elements from one entry of a dimension to the next
 * @param plus added to every element
 */
record StridedView(
    StoredTensor tensor,
    DType type,
    long offset,
    List<Long> shape,
    List<Long> strides,
    double plus) {

  /** The whole tensor. */
  static StridedView of(StoredTensor tensor, DType type) {
    List<Long> shape = tensor.entry().shape();
    return new StridedView(tensor, type, 0, shape, rowMajor(shape), 0);
  }

  StridedView sliced(int dimension, long from, long to, long step) {
    return new StridedView(
        tensor,
        type,
        offset + from * strides.get(dimension),
        replaced(shape, dimension, (to - from + step - 1) / step),
        replaced(strides, dimension, strides.get(dimension) * step),
        plus);
  }

  StridedView transposed() {
    return new StridedView(
        tensor, type, offset, innermostSwapped(shape), innermostSwapped(strides), plus);
  }

  StridedView plus(double constant) {
    return new StridedView(tensor, type, offset, shape, strides, plus + constant);
  }

  /** Whether this is just a run of the file's bytes. */
  boolean isContiguous() {
    return plus == 0 && strides.equals(rowMajor(shape));
  }

  /** The run of the file's bytes that a contiguous view is. */
  ByteBuffer mapped() throws IOException {
    return elements(offset, shape.stream().reduce(1L, Math::multiplyExact));
  }

  /** Writes all elements in row-major order. */
  void writeTo(FloatSink sink) throws IOException {
    if (shape.contains(0L)) {
      return;
    }
    int rank = shape.size();
    int run = rank == 0 ? 1 : Math.toIntExact(shape.get(rank - 1));
    long stride = rank == 0 ? 1 : strides.get(rank - 1);
    float[] values = new float[run];
    long[] index = new long[Math.max(0, rank - 1)];
    long at = offset;
    int dimension;
    do {
      ByteBuffer source = elements(at, (run - 1) * stride + 1);
      FloatCodec.decode(type, source, Math.toIntExact(stride), values);
      if (plus != 0) {
        for (int i = 0; i < run; i++) {
          values[i] = (float) (values[i] + plus);
        }
      }
      sink.accept(values);
      // The next run: count up like an odometer, innermost of the outer dimensions first.
      dimension = index.length - 1;
      while (dimension >= 0) {
        at += strides.get(dimension);
        if (++index[dimension] < shape.get(dimension)) {
          break;
        }
        at -= strides.get(dimension) * shape.get(dimension);
        index[dimension] = 0;
        dimension--;
      }
    } while (dimension >= 0);
  }

  /** Takes elements, run after run. */
  @FunctionalInterface
  interface FloatSink {
    void accept(float[] run);
  }

  private ByteBuffer elements(long first, long count) throws IOException {
    long begin = tensor.entry().begin() + first * type.bytes();
    return tensor.file().slice(begin, begin + count * type.bytes());
  }

  private static List<Long> rowMajor(List<Long> shape) {
    Long[] strides = new Long[shape.size()];
    long stride = 1;
    for (int i = shape.size() - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= shape.get(i);
    }
    return List.of(strides);
  }

  private static List<Long> replaced(List<Long> list, int at, long value) {
    Long[] copy = list.toArray(Long[]::new);
    copy[at] = value;
    return List.of(copy);
  }

  private static List<Long> innermostSwapped(List<Long> list) {
    int last = list.size() - 1;
    return replaced(replaced(list, last, list.get(last - 1)), last - 1, list.get(last));
  }
}
