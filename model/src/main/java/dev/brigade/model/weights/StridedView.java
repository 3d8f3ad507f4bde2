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
    TensorBytes bytes, DType type, long offset, List<Long> shape, List<Long> strides, double plus) {

  /** The whole tensor. */
  static StridedView of(TensorBytes bytes, DType type, List<Long> shape) {
    return new StridedView(bytes, type, 0, shape, rowMajor(shape), 0);
  }

  StridedView sliced(int dimension, long from, long to, long step) {
    return new StridedView(
        bytes,
        type,
        offset + from * strides.get(dimension),
        replaced(shape, dimension, (to - from + step - 1) / step),
        replaced(strides, dimension, strides.get(dimension) * step),
        plus);
  }

  StridedView transposed() {
    return new StridedView(
        bytes, type, offset, innermostSwapped(shape), innermostSwapped(strides), plus);
  }

  StridedView plus(double constant) {
    return new StridedView(bytes, type, offset, shape, strides, plus + constant);
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
    int run = run();
    int stride = stride();
    float[] values = new float[run];
    eachRun(
        at -> {
          FloatCodec.decode(type, elements(at, (run - 1L) * stride + 1), stride, values);
          if (plus != 0) {
            for (int i = 0; i < run; i++) {
              values[i] = (float) (values[i] + plus);
            }
          }
          sink.accept(values);
        });
  }

  /** Writes the bytes of all elements in row-major order; the innermost dimension is as stored. */
  void copyTo(ByteBuffer target) throws IOException {
    if (stride() != 1 || plus != 0) {
      throw new UnsupportedOperationException("whole numbers are read row by row as they are");
    }
    int run = run();
    eachRun(at -> target.put(elements(at, run)));
  }

  private int run() {
    return shape.isEmpty() ? 1 : Math.toIntExact(shape.get(shape.size() - 1));
  }

  private int stride() {
    return shape.isEmpty() ? 1 : Math.toIntExact(strides.get(shape.size() - 1));
  }

  private interface RunReader {
    void read(long first) throws IOException;
  }

  private void eachRun(RunReader reader) throws IOException {
    if (shape.contains(0L)) {
      return;
    }
    long[] index = new long[Math.max(0, shape.size() - 1)];
    long at = offset;
    int dimension;
    do {
      reader.read(at);
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
    return bytes.slice(first * type.bytes(), (first + count) * type.bytes());
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
