package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Grouped;
import dev.brigade.engine.mlx.binding.Mlx;
import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.GroupedWeight;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Brings weights into the form in which they are held. From any thread. */
final class WeightLoader {
  private static final long SLICE_BYTES = 256L << 20;

  private final ArrayLoader arrays;

  WeightLoader(Mlx mlx, Mlx.Device device) {
    this(new ArrayLoader(mlx, device, SLICE_BYTES));
  }

  WeightLoader(ArrayLoader arrays) {
    this.arrays = arrays;
  }

  /** The weight, which the caller closes. */
  HeldWeight load(Checkpoint checkpoint, WeightKey key, Cancellation cancel)
      throws EngineException {
    if (key.form() instanceof StoredForm.Groups groups) {
      return new HeldWeight.Groups(
          groups.stored()
              ? stored(checkpoint, key.weight(), groups, cancel)
              : quantized(checkpoint, key.weight(), groups, cancel));
    }
    return new HeldWeight.Plain(arrays.load(checkpoint, key.weight(), key.form().type(), cancel));
  }

  private Grouped stored(
      Checkpoint checkpoint, Weight weight, StoredForm.Groups form, Cancellation cancel)
      throws EngineException {
    GroupedWeight stored =
        checkpoint
            .grouped(weight)
            .orElseThrow(() -> new IllegalStateException(weight + " is not stored in groups"));
    List<MlxArray> loaded = new ArrayList<>();
    try {
      MlxType scaled = form.mode() == Grouped.Mode.AFFINE ? form.type() : MlxType.U8;
      loaded.add(arrays.load(checkpoint, stored.packed(), MlxType.U32, cancel));
      loaded.add(arrays.load(checkpoint, stored.scales(), scaled, cancel));
      if (stored.biases().isPresent()) {
        loaded.add(arrays.load(checkpoint, stored.biases().get(), form.type(), cancel));
      }
    } catch (EngineException | RuntimeException e) {
      loaded.forEach(MlxArray::close);
      throw e;
    }
    return new Grouped(
        form.mode(),
        loaded.get(0),
        loaded.get(1),
        loaded.stream().skip(2).findFirst(),
        form.groupSize(),
        form.bits());
  }

  private Grouped quantized(
      Checkpoint checkpoint, Weight weight, StoredForm.Groups form, Cancellation cancel)
      throws EngineException {
    List<Grouped> parts = new ArrayList<>();
    try {
      for (Weight slice : arrays.slices(weight, form.type())) {
        if (cancel.isCancelled()) {
          throw new EngineException.Cancelled();
        }
        try (MlxArray plain = arrays.load(checkpoint, slice, form.type(), cancel)) {
          parts.add(arrays.quantized(plain, form.groupSize(), form.bits()));
        }
      }
      return parts.size() == 1 ? parts.get(0) : arrays.joined(parts);
    } catch (EngineException | RuntimeException e) {
      parts.forEach(Grouped::close);
      throw e;
    }
  }

  /**
   * A held weight as operations take it, which the caller closes: with a view for products, if it
   * is a matrix or a stack of them.
   */
  Operand operand(HeldWeight held, WeightKey key) throws EngineException {
    MlxType type = key.form().type();
    if (held instanceof HeldWeight.Groups groups) {
      return new Operand.Groups(groups.arrays(), type);
    }
    MlxArray array = ((HeldWeight.Plain) held).array();
    int dimensions = key.weight().shape().size();
    if (dimensions < 2) {
      return new Operand.Plain(array, type, Optional.empty());
    }
    int[] axes = IntStream.range(0, dimensions).toArray();
    axes[dimensions - 1] = dimensions - 2;
    axes[dimensions - 2] = dimensions - 1;
    return new Operand.Plain(array, type, Optional.of(arrays.transposed(array, axes)));
  }
}
