package dev.brigade.model.weights;

import dev.brigade.spi.engine.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Part of a stored tensor of floats, seen through other strides.
 *
 * @param plus added to every element
 */
record StridedView(TensorBytes bytes, DType type, Strides strides, double plus) {

  private static final long MOST_AT_HAND = 1L << 28;

  /** The whole tensor. */
  static StridedView of(TensorBytes bytes, DType type, List<Long> shape) {
    return new StridedView(bytes, type, Strides.of(shape), 0);
  }

  StridedView sliced(int dimension, long from, long to, long step) {
    return new StridedView(bytes, type, strides.sliced(dimension, from, to, step), plus);
  }

  /** One entry of the outermost dimension, which goes. */
  StridedView entry(long index) {
    return new StridedView(bytes, type, strides.entry(index), plus);
  }

  StridedView transposed() {
    return new StridedView(bytes, type, strides.transposed(), plus);
  }

  StridedView plus(double constant) {
    return new StridedView(bytes, type, strides, plus + constant);
  }

  /** Whether this is just a run of the file's bytes. */
  boolean isContiguous() {
    return plus == 0 && strides.isContiguous();
  }

  /** The run of the file's bytes that a contiguous view is. */
  ByteBuffer mapped() throws IOException {
    return elements(strides.offset(), strides.elements());
  }

  /** Writes all elements in row-major order. */
  void writeTo(FloatSink sink) throws IOException {
    int run = strides.run();
    int stride = strides.stride();
    float[] values = new float[run];
    StridedView source = atHand();
    strides.eachRun(
        at -> {
          FloatCodec.decode(type, source.elements(at, (run - 1L) * stride + 1), stride, values);
          if (plus != 0) {
            for (int i = 0; i < run; i++) {
              values[i] = (float) (values[i] + plus);
            }
          }
          sink.accept(values);
        });
  }

  /**
   * The same, with bytes that need not be made again for every run, where the elements of one lie
   * apart: a transposed matrix of quantised blocks would be decoded once for each of its rows.
   */
  private StridedView atHand() throws IOException {
    long count = strides.span();
    if (strides.stride() == 1 || count * type.bytes() > MOST_AT_HAND) {
      return this;
    }
    ByteBuffer span = elements(strides.offset(), count);
    long begin = strides.offset() * type.bytes();
    TensorBytes made =
        (from, to) ->
            span.slice((int) (from - begin), (int) (to - from)).order(ByteOrder.LITTLE_ENDIAN);
    return new StridedView(made, type, strides, plus);
  }

  /** Writes the bytes of all elements in row-major order; the innermost dimension is as stored. */
  void copyTo(ByteBuffer target) throws IOException {
    if (strides.stride() != 1 || plus != 0) {
      throw new UnsupportedOperationException("whole numbers are read row by row as they are");
    }
    strides.eachRun(at -> target.put(elements(at, strides.run())));
  }

  /** Takes elements, run after run. */
  @FunctionalInterface
  interface FloatSink {
    void accept(float[] run);
  }

  private ByteBuffer elements(long first, long count) throws IOException {
    return bytes.slice(first * type.bytes(), (first + count) * type.bytes());
  }
}
