package dev.brigade.model.weights;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The quantised tensors of a checkpoint in MLX's layout: beside {@code X.weight}, stored as words,
 * there are {@code X.scales} and {@code X.biases}. Bits and group size follow from the shapes.
 */
final class GroupedTensors {
  private static final String WEIGHT = ".weight";
  private static final Set<Integer> BITS = Set.of(2, 3, 4, 5, 6, 8);

  private final Map<String, StoredTensor> tensors;

  GroupedTensors(Map<String, StoredTensor> tensors) {
    this.tensors = tensors;
  }

  /** Names of what lies beside a tensor, if it is stored in groups. */
  static Stream<String> beside(String name) {
    if (!name.endsWith(WEIGHT)) {
      return Stream.empty();
    }
    String stem = name.substring(0, name.length() - WEIGHT.length());
    return Stream.of(stem + ".scales", stem + ".biases");
  }

  /** Whether a tensor is stored in groups. */
  boolean has(Weight.Named named) {
    StoredTensor tensor = tensors.get(named.name());
    return tensor != null
        && tensor.entry().type() == StoredType.U32
        && named.name().endsWith(WEIGHT)
        && tensors.containsKey(beside(named, ".scales"))
        && tensors.containsKey(beside(named, ".biases"));
  }

  /** How it is stored. */
  GroupedWeight of(Weight.Named named) throws BadModel {
    StoredTensor packed = tensors.get(named.name());
    long columns = innermost(named.shape());
    long words = innermost(packed.entry().shape());
    long groups = innermost(tensors.get(beside(named, ".scales")).entry().shape());
    long bits = words * Integer.SIZE / columns;
    if (groups < 1
        || columns % groups != 0
        || bits * columns != words * Integer.SIZE
        || !BITS.contains((int) bits)) {
      throw new BadModel(
          "tensor '%s' %s in %s is stored as %d words and %d groups a row; no number of bits fits"
              .formatted(named.name(), named.shape(), packed.file().path(), words, groups));
    }
    return new GroupedWeight(
        (int) bits,
        Math.toIntExact(columns / groups),
        new Weight.Named(named.name(), resized(named.shape(), words)),
        new Weight.Named(beside(named, ".scales"), resized(named.shape(), groups)),
        new Weight.Named(beside(named, ".biases"), resized(named.shape(), groups)));
  }

  /**
   * A weight in groups, if it is made of whole rows of tensors that are all stored so, and alike.
   *
   * @param parts its normal form
   */
  Optional<GroupedWeight> of(Weight weight, List<Weight> parts) throws BadModel {
    List<GroupedWeight> grouped = new ArrayList<>();
    for (Weight part : parts) {
      Weight.Named named;
      if (part instanceof Weight.Named whole) {
        named = whole;
      } else if (part instanceof Weight.Slice slice
          && slice.of() instanceof Weight.Named of
          && slice.dimension() < of.shape().size() - 1) {
        named = of;
      } else {
        return Optional.empty();
      }
      if (!has(named)) {
        return Optional.empty();
      }
      GroupedWeight whole = of(named);
      grouped.add(part instanceof Weight.Slice slice ? sliced(whole, slice) : whole);
    }
    GroupedWeight first = grouped.get(0);
    boolean alike =
        grouped.stream()
            .allMatch(g -> g.bits() == first.bits() && g.groupSize() == first.groupSize());
    return alike ? joined(grouped, weight) : Optional.empty();
  }

  private static GroupedWeight sliced(GroupedWeight whole, Weight.Slice s) {
    return new GroupedWeight(
        whole.bits(),
        whole.groupSize(),
        whole.packed().slice(s.dimension(), s.from(), s.to(), s.step()),
        whole.scales().slice(s.dimension(), s.from(), s.to(), s.step()),
        whole.biases().slice(s.dimension(), s.from(), s.to(), s.step()));
  }

  private static Optional<GroupedWeight> joined(List<GroupedWeight> parts, Weight weight) {
    GroupedWeight first = parts.get(0);
    if (parts.size() == 1 && first.packed().shape().size() == weight.shape().size()) {
      return Optional.of(first);
    }
    boolean stacked = first.packed().shape().size() < weight.shape().size();
    List<Weight> packed = parts.stream().map(GroupedWeight::packed).toList();
    List<Weight> scales = parts.stream().map(GroupedWeight::scales).toList();
    List<Weight> biases = parts.stream().map(GroupedWeight::biases).toList();
    return Optional.of(
        new GroupedWeight(
            first.bits(),
            first.groupSize(),
            stacked ? Weight.stack(packed) : Weight.concat(packed),
            stacked ? Weight.stack(scales) : Weight.concat(scales),
            stacked ? Weight.stack(biases) : Weight.concat(biases)));
  }

  /**
   * The numbers that are meant, in f32, of the entries {@code [from, to)} of the outermost
   * dimension; takes memory.
   */
  StridedView dequantized(Weight.Named named, long from, long to, Floats read) throws BadModel {
    GroupedWeight grouped = of(named);
    List<Long> shape = new ArrayList<>(named.shape());
    shape.set(0, to - from);
    long count = shape.stream().reduce(1L, Math::multiplyExact);
    if (count > Integer.MAX_VALUE / Float.BYTES) {
      throw new BadModel(
          "tensor '%s' is quantised, and %d of its elements as F32 are more than one buffer holds;"
                  .formatted(named.name(), count)
              + " read it in slices");
    }
    ByteBuffer packed = read.of(grouped.packed().rows(from, to), DType.I32);
    ByteBuffer scales = read.of(grouped.scales().rows(from, to), DType.F32);
    ByteBuffer biases = read.of(grouped.biases().rows(from, to), DType.F32);
    ByteBuffer values =
        ByteBuffer.allocateDirect((int) count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int columns = (int) innermost(named.shape());
    int rowBytes = columns * grouped.bits() / Byte.SIZE;
    int groups = columns / grouped.groupSize();
    float[] run = new float[columns];
    for (int row = 0; row < count / columns; row++) {
      for (int column = 0; column < columns; column++) {
        int group = row * groups + column / grouped.groupSize();
        int q = number(packed, row * rowBytes, rowBytes, column, grouped.bits());
        float scale = scales.getFloat(group * Float.BYTES);
        run[column] = scale * q + biases.getFloat(group * Float.BYTES);
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

  /** Reads a weight, little-endian. */
  @FunctionalInterface
  interface Floats {
    ByteBuffer of(Weight weight, DType as) throws BadModel;
  }

  /** The number at a column of a row of packed ones, which lie there like a stream of bits. */
  private static int number(ByteBuffer packed, int row, int rowBytes, int column, int bits) {
    int bit = column * bits;
    int at = bit / Byte.SIZE;
    int low = packed.get(row + at) & 0xff;
    int high = at + 1 < rowBytes ? packed.get(row + at + 1) & 0xff : 0;
    return (high << Byte.SIZE | low) >> bit % Byte.SIZE & (1 << bits) - 1;
  }

  /** Type of the scales, which is what the weight was before. */
  DType storedType(Weight.Named named) throws BadModel {
    String scales = beside(named, ".scales");
    return tensors
        .get(scales)
        .entry()
        .type()
        .weightType()
        .orElseThrow(() -> new BadModel("tensor '" + scales + "' is not stored as floats"));
  }

  private static String beside(Weight.Named named, String suffix) {
    String name = named.name();
    return name.substring(0, name.length() - WEIGHT.length()) + suffix;
  }

  private static long innermost(List<Long> shape) {
    return shape.get(shape.size() - 1);
  }

  private static List<Long> resized(List<Long> shape, long innermost) {
    List<Long> resized = new ArrayList<>(shape);
    resized.set(shape.size() - 1, innermost);
    return List.copyOf(resized);
  }
}
