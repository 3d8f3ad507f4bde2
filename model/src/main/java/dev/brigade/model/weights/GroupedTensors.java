package dev.brigade.model.weights;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The quantised tensors of a checkpoint. In MLX's layout there are {@code X.scales} beside {@code
 * X.weight}, which is stored as words, and {@code X.biases} if the groups are affine; in that of
 * gpt-oss {@code X_scales} beside {@code X_blocks}, which is stored as bytes, sixteen for a group.
 * How it is coded follows from types and shapes.
 */
final class GroupedTensors {
  private static final String WEIGHT = ".weight";
  private static final String BLOCKS = "_blocks";
  private static final int BLOCK_BYTES = 16;
  private static final Set<Integer> BITS = Set.of(2, 3, 4, 5, 6, 8);

  private final Map<String, StoredTensor> tensors;

  GroupedTensors(Map<String, StoredTensor> tensors) {
    this.tensors = tensors;
  }

  /** Names of what lies beside a tensor, if it is stored in groups. */
  static Stream<String> beside(String name) {
    return Stream.of(scales(name), biases(name)).flatMap(Optional::stream);
  }

  private static Optional<String> scales(String name) {
    return name.endsWith(BLOCKS)
        ? Optional.of(stem(name, BLOCKS) + "_scales")
        : beside(name, ".scales");
  }

  private static Optional<String> biases(String name) {
    return beside(name, ".biases");
  }

  private static Optional<String> beside(String name, String suffix) {
    return name.endsWith(WEIGHT) ? Optional.of(stem(name, WEIGHT) + suffix) : Optional.empty();
  }

  private static String stem(String name, String suffix) {
    return name.substring(0, name.length() - suffix.length());
  }

  /** Whether a tensor is stored in groups. */
  boolean has(Weight.Named named) {
    StoredTensor tensor = tensors.get(named.name());
    StoredType wanted = named.name().endsWith(BLOCKS) ? StoredType.U8 : StoredType.U32;
    return tensor != null
        && tensor.entry().type() == wanted
        && scales(named.name()).filter(tensors::containsKey).isPresent();
  }

  /** The shape of a tensor's words: four bytes of a block are one. */
  static List<Long> words(String name, StoredTensor tensor) {
    List<Long> shape = tensor.entry().shape();
    int last = shape.size() - 1;
    if (!name.endsWith(BLOCKS)
        || tensor.entry().type() != StoredType.U8
        || last < 1
        || shape.get(last) != BLOCK_BYTES) {
      return shape;
    }
    return resized(shape.subList(0, last), shape.get(last - 1) * BLOCK_BYTES / Integer.BYTES);
  }

  /** How it is stored. */
  GroupedWeight of(Weight.Named named) throws BadModel {
    String scales = scales(named.name()).orElseThrow();
    StoredTensor packed = tensors.get(named.name());
    long columns = innermost(named.shape());
    long words = innermost(words(named.name(), packed));
    long groups = innermost(tensors.get(scales).entry().shape());
    long bits = words * Integer.SIZE / columns;
    if (groups < 1
        || columns % groups != 0
        || bits * columns != words * Integer.SIZE
        || !BITS.contains((int) bits)) {
      throw new BadModel(
          "tensor '%s' %s in %s is stored as %d words and %d groups a row; no number of bits fits"
              .formatted(named.name(), named.shape(), packed.file().path(), words, groups));
    }
    int groupSize = Math.toIntExact(columns / groups);
    GroupCoding coding = coding(named, scales, (int) bits, groupSize);
    return new GroupedWeight(
        coding,
        (int) bits,
        groupSize,
        new Weight.Named(named.name(), resized(named.shape(), words)),
        new Weight.Named(scales, resized(named.shape(), groups)),
        coding == GroupCoding.AFFINE
            ? biases(named.name())
                .map(name -> new Weight.Named(name, resized(named.shape(), groups)))
            : Optional.empty());
  }

  private GroupCoding coding(Weight.Named named, String scales, int bits, int groupSize)
      throws BadModel {
    StoredType type = tensors.get(scales).entry().type();
    boolean biased = biases(named.name()).filter(tensors::containsKey).isPresent();
    Optional<GroupCoding> coding =
        type == StoredType.U8
            ? GroupCoding.ofFloats(bits, groupSize)
            : biased && type.weightType().isPresent()
                ? Optional.of(GroupCoding.AFFINE)
                : Optional.empty();
    return coding.orElseThrow(
        () ->
            new BadModel(
                ("tensor '%s' in %s is quantised to %d bits in groups of %d with scales of %s and"
                        + " %s biases; known are affine groups and %s, %s and %s")
                    .formatted(
                        named.name(),
                        tensors.get(named.name()).file().path(),
                        bits,
                        groupSize,
                        type,
                        biased ? "with" : "without",
                        GroupCoding.MXFP4.mode(),
                        GroupCoding.MXFP8.mode(),
                        GroupCoding.NVFP4.mode())));
  }

  /**
   * A weight in groups, if it is made of whole rows of tensors that are all stored so, and alike.
   *
   * @param parts its normal form
   */
  Optional<GroupedWeight> of(Weight weight, List<Weight> parts) throws BadModel {
    List<GroupedWeight> grouped = new ArrayList<>();
    for (Weight part : parts) {
      Optional<Weight.Named> named = tensorOfRows(part);
      if (named.isEmpty() || !has(named.get())) {
        return Optional.empty();
      }
      grouped.add(each(of(named.get()), stored -> within(stored, part)));
    }
    GroupedWeight first = grouped.get(0);
    boolean alike =
        grouped.stream()
            .allMatch(
                g ->
                    g.coding() == first.coding()
                        && g.bits() == first.bits()
                        && g.groupSize() == first.groupSize());
    return alike ? Optional.of(joined(grouped, weight)) : Optional.empty();
  }

  /** The tensor of which a part is whole rows; empty if it cuts through them. */
  private static Optional<Weight.Named> tensorOfRows(Weight part) {
    if (part instanceof Weight.Slice slice) {
      boolean rows = slice.dimension() < slice.shape().size() - 1;
      return rows ? tensorOfRows(slice.of()) : Optional.empty();
    } else if (part instanceof Weight.Entry entry) {
      return tensorOfRows(entry.of());
    }
    return part instanceof Weight.Named named ? Optional.of(named) : Optional.empty();
  }

  /** The same rows of another tensor. */
  private static Weight within(Weight stored, Weight part) {
    if (part instanceof Weight.Slice slice) {
      return within(stored, slice.of())
          .slice(slice.dimension(), slice.from(), slice.to(), slice.step());
    } else if (part instanceof Weight.Entry entry) {
      return within(stored, entry.of()).entry(entry.index());
    }
    return stored;
  }

  private static GroupedWeight each(GroupedWeight of, UnaryOperator<Weight> change) {
    return new GroupedWeight(
        of.coding(),
        of.bits(),
        of.groupSize(),
        change.apply(of.packed()),
        change.apply(of.scales()),
        of.biases().map(change));
  }

  private static GroupedWeight joined(List<GroupedWeight> parts, Weight weight) {
    GroupedWeight first = parts.get(0);
    boolean stacked = first.packed().shape().size() < weight.shape().size();
    if (parts.size() == 1 && !stacked) {
      return first;
    }
    Function<Function<GroupedWeight, Weight>, Weight> join =
        of -> {
          List<Weight> all = parts.stream().map(of).toList();
          return stacked ? Weight.stack(all) : Weight.concat(all);
        };
    return new GroupedWeight(
        first.coding(),
        first.bits(),
        first.groupSize(),
        join.apply(GroupedWeight::packed),
        join.apply(GroupedWeight::scales),
        first.biases().map(any -> join.apply(part -> part.biases().orElseThrow())));
  }

  /** What the weight was before, or a type that holds every number that is meant. */
  DType storedType(Weight.Named named) {
    // The floats of a few bits, times their scales, have no more digits than BF16 has.
    return tensors
        .get(scales(named.name()).orElseThrow())
        .entry()
        .type()
        .weightType()
        .orElse(DType.BF16);
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
