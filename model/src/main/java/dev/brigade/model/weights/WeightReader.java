package dev.brigade.model.weights;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Evaluates weights over stored tensors. Slices and transposes of one tensor are strided views; a
 * stack or concatenation is written part after part, and operations on it move into its parts.
 * Quantised tensors become the numbers that are meant first.
 */
final class WeightReader {
  private final Path where;
  private final Map<String, StoredTensor> tensors;
  private final Map<String, Path> elsewhere;
  private final GroupedTensors grouped;

  /**
   * @param elsewhere files that are not here, of tensors that exist all the same
   */
  WeightReader(Path where, Map<String, StoredTensor> tensors, Map<String, Path> elsewhere) {
    this.where = where;
    this.tensors = tensors;
    this.elsewhere = elsewhere;
    grouped = new GroupedTensors(tensors);
  }

  Tensor read(Weight weight, DType as) throws BadModel {
    List<StridedView> views =
        as == DType.I32 ? words(weight) : views(NormalForm.parts(weight, this::isPresent));
    try {
      if (isRunOfBytes(views, as)) {
        return mapped(weight, as, views.get(0));
      }
      ByteBuffer target = allocate(weight, as);
      for (StridedView view : views) {
        if (as == DType.I32) {
          view.copyTo(target);
        } else {
          view.writeTo(run -> FloatCodec.encode(as, run, target));
        }
      }
      ByteBuffer filled = target.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
      return new Tensor(as, weight.shape(), filled);
    } catch (IOException e) {
      throw new BadModel(where + " cannot be read: " + e.getMessage(), e);
    }
  }

  Optional<Tensor> mapped(Weight weight, DType as) throws BadModel {
    List<StridedView> views =
        as == DType.I32 ? words(weight) : views(NormalForm.parts(weight, this::isPresent));
    try {
      return isRunOfBytes(views, as)
          ? Optional.of(mapped(weight, as, views.get(0)))
          : Optional.empty();
    } catch (IOException e) {
      throw new BadModel(where + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean isRunOfBytes(List<StridedView> views, DType as) {
    return views.size() == 1 && views.get(0).isContiguous() && views.get(0).type() == as;
  }

  private Tensor mapped(Weight weight, DType as, StridedView view) throws BadModel, IOException {
    requireOneBuffer(weight, as);
    return new Tensor(as, weight.shape(), view.mapped());
  }

  DType storedType(Weight weight) throws BadModel {
    DType widest = null;
    for (Weight part : NormalForm.parts(weight, this::isPresent)) {
      Weight.Named named = named(part);
      DType type = grouped.has(named) ? grouped.storedType(named) : stored(named).type();
      // F16 and BF16 together lose nothing only in F32.
      widest = widest == null || widest == type ? type : DType.F32;
    }
    return widest;
  }

  private boolean isPresent(String name) {
    // Which of several spellings a model has does not depend on which of its files are here.
    return tensors.containsKey(name) || elsewhere.containsKey(name);
  }

  private List<StridedView> views(List<Weight> parts) throws BadModel {
    List<StridedView> views = new java.util.ArrayList<>(parts.size());
    for (Weight part : parts) {
      views.add(view(part));
    }
    return views;
  }

  /** The tensor that a part without joins is made of. */
  private static Weight.Named named(Weight part) {
    if (part instanceof Weight.Slice slice) {
      return named(slice.of());
    } else if (part instanceof Weight.Entry entry) {
      return named(entry.of());
    } else if (part instanceof Weight.Transposed transposed) {
      return named(transposed.of());
    } else if (part instanceof Weight.Plus plus) {
      return named(plus.of());
    }
    return (Weight.Named) part;
  }

  /** A weight that is stored in quantised groups; empty if it is not, or not in whole rows. */
  Optional<GroupedWeight> grouped(Weight weight) throws BadModel {
    return grouped.of(weight, NormalForm.parts(weight, this::isPresent));
  }

  private ByteBuffer bytes(Weight weight, DType as) throws BadModel {
    return read(weight, as).bytes();
  }

  private StridedView view(Weight weight) throws BadModel {
    if (weight instanceof Weight.Slice slice
        && slice.dimension() == 0
        && slice.of() instanceof Weight.Named named
        && grouped.has(named)) {
      // Only the rows that are wanted.
      long count = slice.to() - slice.from();
      return numbers(named, slice.from(), slice.to()).sliced(0, 0, count, slice.step());
    } else if (weight instanceof Weight.Entry entry
        && entry.of() instanceof Weight.Named named
        && grouped.has(named)) {
      return numbers(named, entry.index(), entry.index() + 1).entry(0);
    }
    if (weight instanceof Weight.Slice slice) {
      return view(slice.of()).sliced(slice.dimension(), slice.from(), slice.to(), slice.step());
    } else if (weight instanceof Weight.Entry entry) {
      return view(entry.of()).entry(entry.index());
    } else if (weight instanceof Weight.Transposed transposed) {
      return view(transposed.of()).transposed();
    } else if (weight instanceof Weight.Plus plus) {
      return view(plus.of()).plus(plus.constant());
    }
    Weight.Named named = (Weight.Named) weight;
    return grouped.has(named) ? numbers(named, 0, named.shape().get(0)) : stored(named);
  }

  private StridedView numbers(Weight.Named named, long from, long to) throws BadModel {
    return new GroupedNumbers(grouped.of(named), this::bytes).of(named, from, to);
  }

  /** Views of whole numbers, as quantised ones are stored: words, and bytes made as wide. */
  private List<StridedView> words(Weight weight) throws BadModel {
    List<StridedView> views = new java.util.ArrayList<>();
    for (Weight part : NormalForm.parts(weight, this::isPresent)) {
      Weight.Named named = named(part);
      StoredTensor tensor = tensor(named, GroupedTensors::words);
      boolean words =
          !GroupedTensors.words(named.name(), tensor).equals(tensor.entry().shape())
              || tensor.entry().type() == StoredType.U32;
      if (!words && tensor.entry().type() != StoredType.U8) {
        throw new BadModel(
            "tensor '%s' in %s is stored as %s; words are U32"
                .formatted(named.name(), tensor.file().path(), tensor.entry().type()));
      }
      TensorBytes bytes = words ? tensor.bytes() : widened(tensor.bytes());
      views.add(within(StridedView.of(bytes, DType.I32, named.shape()), part));
    }
    return views;
  }

  private static TensorBytes widened(TensorBytes bytes) {
    return (from, to) -> {
      ByteBuffer narrow = bytes.slice(from / Integer.BYTES, to / Integer.BYTES);
      ByteBuffer wide = ByteBuffer.allocateDirect((int) (to - from)).order(ByteOrder.LITTLE_ENDIAN);
      while (narrow.hasRemaining()) {
        wide.putInt(narrow.get() & 0xff);
      }
      return wide.flip();
    };
  }

  private static StridedView within(StridedView whole, Weight part) {
    if (part instanceof Weight.Slice slice) {
      return within(whole, slice.of())
          .sliced(slice.dimension(), slice.from(), slice.to(), slice.step());
    } else if (part instanceof Weight.Entry entry) {
      return within(whole, entry.of()).entry(entry.index());
    }
    return whole;
  }

  /**
   * @param shape what a tensor's shape comes to
   */
  private StoredTensor tensor(
      Weight.Named named, BiFunction<String, StoredTensor, List<Long>> shape) throws BadModel {
    StoredTensor tensor = tensors.get(named.name());
    if (elsewhere.containsKey(named.name())) {
      throw new BadModel(
          "tensor '%s' is in %s, which the index lists and which is not there"
              .formatted(named.name(), elsewhere.get(named.name())));
    }
    if (tensor == null) {
      throw new BadModel(
          "tensor '%s' %s is missing from %s".formatted(named.name(), named.shape(), where));
    }
    Path file = tensor.file().path();
    if (!shape.apply(named.name(), tensor).equals(named.shape())) {
      throw new BadModel(
          "tensor '%s' in %s has shape %s, the config asks for %s"
              .formatted(named.name(), file, tensor.entry().shape(), named.shape()));
    }
    return tensor;
  }

  private StridedView stored(Weight.Named named) throws BadModel {
    StoredTensor tensor = tensor(named, (name, stored) -> stored.entry().shape());
    Path file = tensor.file().path();
    DType type =
        tensor
            .entry()
            .type()
            .weightType()
            .orElseThrow(
                () ->
                    new BadModel(
                        "tensor '%s' in %s is stored as %s; F32, F16 or BF16 can be read"
                            .formatted(named.name(), file, tensor.entry().type())));
    return StridedView.of(tensor.bytes(), type, tensor.entry().shape());
  }

  private ByteBuffer allocate(Weight weight, DType as) throws BadModel {
    return ByteBuffer.allocateDirect(requireOneBuffer(weight, as)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private int requireOneBuffer(Weight weight, DType as) throws BadModel {
    long bytes = weight.elements() * as.bytes();
    if (bytes > Integer.MAX_VALUE) {
      throw new BadModel(
          "a weight of shape %s takes %d bytes as %s, more than one buffer holds; read it in slices"
              .formatted(weight.shape(), bytes, as));
    }
    return (int) bytes;
  }
}
