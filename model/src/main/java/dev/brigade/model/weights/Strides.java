package dev.brigade.model.weights;

import java.io.IOException;
import java.util.List;

/**
 * Where the elements of part of a row-major tensor lie: what slicing and transposing come to,
 * without moving a byte. Elements are whatever is stored together, numbers or blocks of them.
 *
 * @param offset first element, counted from the start of the tensor
 * @param shape sizes, outermost first
 * @param strides elements from one entry of a dimension to the next
 */
record Strides(long offset, List<Long> shape, List<Long> strides) {

  /** The whole tensor. */
  static Strides of(List<Long> shape) {
    return new Strides(0, shape, rowMajor(shape));
  }

  Strides sliced(int dimension, long from, long to, long step) {
    return new Strides(
        offset + from * strides.get(dimension),
        replaced(shape, dimension, (to - from + step - 1) / step),
        replaced(strides, dimension, strides.get(dimension) * step));
  }

  /** One entry of the outermost dimension, which goes. */
  Strides entry(long index) {
    return new Strides(
        offset + index * strides.get(0),
        shape.subList(1, shape.size()),
        strides.subList(1, strides.size()));
  }

  Strides transposed() {
    return new Strides(offset, innermostSwapped(shape), innermostSwapped(strides));
  }

  /** Whether the elements follow each other. */
  boolean isContiguous() {
    return strides.equals(rowMajor(shape));
  }

  long elements() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** Elements from the first to the last, with those between that do not belong to this. */
  long span() {
    long last = 0;
    for (int i = 0; i < shape.size(); i++) {
      last += (shape.get(i) - 1) * strides.get(i);
    }
    return last + 1;
  }

  /** Elements of a run, which is what the innermost dimension has. */
  int run() {
    return shape.isEmpty() ? 1 : Math.toIntExact(shape.get(shape.size() - 1));
  }

  /** From one element of a run to the next. */
  int stride() {
    return shape.isEmpty() ? 1 : Math.toIntExact(strides.get(shape.size() - 1));
  }

  /** Takes where a run begins. */
  @FunctionalInterface
  interface RunReader {
    void read(long first) throws IOException;
  }

  /** Visits all runs in row-major order. */
  void eachRun(RunReader reader) throws IOException {
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
