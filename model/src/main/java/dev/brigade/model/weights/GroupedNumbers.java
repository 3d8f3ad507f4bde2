package dev.brigade.model.weights;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Works out the numbers that quantised groups mean. */
final class GroupedNumbers {
  private final GroupedWeight weight;
  private final Source source;

  /**
   * @param weight whole tensors
   */
  GroupedNumbers(GroupedWeight weight, Source source) {
    this.weight = weight;
    this.source = source;
  }

  /** Reads a weight, little-endian. */
  @FunctionalInterface
  interface Source {
    ByteBuffer read(Weight weight, DType as) throws BadModel;
  }

  /** The entries {@code [from, to)} of the outermost dimension, in f32; takes memory. */
  StridedView of(Weight.Named named, long from, long to) throws BadModel {
    List<Long> shape = new ArrayList<>(named.shape());
    shape.set(0, to - from);
    long count = shape.stream().reduce(1L, Math::multiplyExact);
    if (count > Integer.MAX_VALUE / Float.BYTES) {
      throw new BadModel(
          "tensor '%s' is quantised, and %d of its elements as F32 are more than one buffer holds;"
                  .formatted(named.name(), count)
              + " read it in slices");
    }
    int columns = Math.toIntExact(shape.get(shape.size() - 1));
    int rows = (int) (count / columns);
    ByteBuffer packed = source.read(weight.packed().rows(from, to), DType.I32);
    float[] scales = scales(from, to, rows * columns / weight.groupSize());
    float[] biases = biases(from, to, scales.length);
    ByteBuffer values =
        ByteBuffer.allocateDirect((int) count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int rowBytes = columns * weight.bits() / Byte.SIZE;
    int groups = columns / weight.groupSize();
    float[] run = new float[columns];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int group = row * groups + column / weight.groupSize();
        int code = number(packed, row * rowBytes, rowBytes, column, weight.bits());
        run[column] = scales[group] * weight.coding().element(code) + biases[group];
      }
      FloatCodec.encode(DType.F32, run, values);
    }
    ByteBuffer done = values.flip().asReadOnlyBuffer();
    return StridedView.of(
        (first, last) ->
            done.slice((int) first, (int) (last - first)).order(ByteOrder.LITTLE_ENDIAN),
        DType.F32,
        List.copyOf(shape));
  }

  private float[] scales(long from, long to, int count) throws BadModel {
    Weight rows = weight.scales().rows(from, to);
    if (weight.coding() == GroupCoding.AFFINE) {
      return floats(rows, count);
    }
    ByteBuffer codes = source.read(rows, DType.I32);
    float[] scales = new float[count];
    for (int i = 0; i < count; i++) {
      scales[i] = weight.coding().scale(codes.getInt(i * Integer.BYTES));
    }
    return scales;
  }

  private float[] biases(long from, long to, int count) throws BadModel {
    return weight.biases().isPresent()
        ? floats(weight.biases().get().rows(from, to), count)
        : new float[count];
  }

  private float[] floats(Weight rows, int count) throws BadModel {
    float[] floats = new float[count];
    source.read(rows, DType.F32).asFloatBuffer().get(floats);
    return floats;
  }

  /** The number at a column of a row of packed ones, which lie there like a stream of bits. */
  private static int number(ByteBuffer packed, int row, int rowBytes, int column, int bits) {
    int bit = column * bits;
    int at = bit / Byte.SIZE;
    int low = packed.get(row + at) & 0xff;
    int high = at + 1 < rowBytes ? packed.get(row + at + 1) & 0xff : 0;
    return (high << Byte.SIZE | low) >> bit % Byte.SIZE & (1 << bits) - 1;
  }
}
