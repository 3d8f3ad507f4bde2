package dev.brigade.model.weights;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Evaluates weights over tensors of any format. */
public final class WeightEvaluator {
  private final Path where;
  private final Tensors tensors;

  /**
   * @param where the file, for errors
   */
  public WeightEvaluator(Path where, Tensors tensors) {
    this.where = where;
    this.tensors = tensors;
  }

  /** The tensors that there are. */
  public interface Tensors {

    /** Whether there is one of this name. */
    boolean has(String name);

    /**
     * The tensor.
     *
     * @throws BadModel if it is missing or has another shape
     */
    StoredElements find(Weight.Named named) throws BadModel;
  }

  /** As {@link Checkpoint#read}. */
  public Tensor read(Weight weight, DType as) throws BadModel {
    if (as == DType.I32) {
      throw new IllegalArgumentException("weights are read as F32, F16 or BF16, not " + as);
    }
    Optional<Tensor> mapped = mapped(weight, as);
    if (mapped.isPresent()) {
      return mapped.get();
    }
    ByteBuffer target = ByteBuffer.allocateDirect(bytes(weight, as)).order(ByteOrder.LITTLE_ENDIAN);
    try {
      for (StridedView view : views(weight)) {
        view.writeTo(run -> FloatCodec.encode(as, run, target));
      }
    } catch (IOException e) {
      throw new BadModel(where + " cannot be read: " + e.getMessage(), e);
    }
    ByteBuffer filled = target.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    return new Tensor(as, weight.shape(), filled);
  }

  /** As {@link Checkpoint#mapped}. */
  public Optional<Tensor> mapped(Weight weight, DType as) throws BadModel {
    List<StridedView> views = views(weight);
    if (views.size() > 1 || !views.get(0).isContiguous() || views.get(0).type() != as) {
      return Optional.empty();
    }
    bytes(weight, as);
    try {
      ByteBuffer run = views.get(0).mapped();
      // What had to be decoded is not in memory that an engine can be handed.
      return run.isDirect() ? Optional.of(new Tensor(as, weight.shape(), run)) : Optional.empty();
    } catch (IOException e) {
      throw new BadModel(where + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** As {@link Checkpoint#storedType}. */
  public DType storedType(Weight weight) throws BadModel {
    DType widest = null;
    for (StridedView view : views(weight)) {
      // F16 and BF16 together lose nothing only in F32.
      widest = widest == null || widest == view.type() ? view.type() : DType.F32;
    }
    return widest;
  }

  /** As {@link Checkpoint#blocks}. */
  public Optional<BlockWeight> blocks(Weight weight) throws BadModel {
    return BlockView.joined(weight, NormalForm.parts(weight, tensors::has), tensors);
  }

  private List<StridedView> views(Weight weight) throws BadModel {
    List<StridedView> views = new ArrayList<>();
    for (Weight part : NormalForm.parts(weight, tensors::has)) {
      views.add(view(part));
    }
    return views;
  }

  private StridedView view(Weight part) throws BadModel {
    if (part instanceof Weight.Slice slice) {
      return view(slice.of()).sliced(slice.dimension(), slice.from(), slice.to(), slice.step());
    } else if (part instanceof Weight.Entry entry) {
      return view(entry.of()).entry(entry.index());
    } else if (part instanceof Weight.Transposed transposed) {
      return view(transposed.of()).transposed();
    } else if (part instanceof Weight.Plus plus) {
      return view(plus.of()).plus(plus.constant());
    }
    StoredElements stored = tensors.find((Weight.Named) part);
    return StridedView.of(stored.bytes(), stored.type(), stored.shape());
  }

  private int bytes(Weight weight, DType as) throws BadModel {
    long bytes = weight.elements() * as.bytes();
    if (bytes > Integer.MAX_VALUE) {
      throw new BadModel(
          "a weight of shape %s takes %d bytes as %s, more than one buffer holds; read it in slices"
              .formatted(weight.shape(), bytes, as));
    }
    return (int) bytes;
  }
}
