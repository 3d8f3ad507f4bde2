package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Mlx;
import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.engine.mlx.binding.Recording;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Copies weights from a checkpoint into MLX's memory. Large ones go in slices, since a buffer of
 * Java ends at 2 GiB and a cancellation should not wait for one.
 */
final class WeightLoader {
  private static final long SLICE_BYTES = 256L << 20;

  private final Mlx mlx;
  private final Mlx.Device device;

  WeightLoader(Mlx mlx, Mlx.Device device) {
    this.mlx = mlx;
    this.device = device;
  }

  /** The weight, which the caller closes; from any thread. */
  HeldWeight load(Checkpoint checkpoint, WeightKey key, Cancellation cancel)
      throws EngineException {
    StoredForm.Plain plain = (StoredForm.Plain) key.form();
    return new HeldWeight.Plain(plain(checkpoint, key.weight(), plain.type(), cancel));
  }

  /**
   * A held weight as operations take it, which the caller closes: with a view for products, if it
   * is a matrix or a stack of them.
   */
  Operand operand(HeldWeight held, WeightKey key) throws EngineException {
    HeldWeight.Plain plain = (HeldWeight.Plain) held;
    MlxType type = ((StoredForm.Plain) key.form()).type();
    int dimensions = key.weight().shape().size();
    if (dimensions < 2) {
      return new Operand.Plain(plain.array(), type, Optional.empty());
    }
    int[] axes = IntStream.range(0, dimensions).toArray();
    axes[dimensions - 1] = dimensions - 2;
    axes[dimensions - 2] = dimensions - 1;
    MlxArray view = mlx.call(() -> evaluated(g -> g.transpose(plain.array(), axes)));
    return new Operand.Plain(plain.array(), type, Optional.of(view));
  }

  private MlxArray plain(Checkpoint checkpoint, Weight weight, MlxType type, Cancellation cancel)
      throws EngineException {
    long bytes = weight.elements() * type.bytes();
    if (bytes <= SLICE_BYTES) {
      Tensor read = checkpoint.read(weight, dtype(type));
      return mlx.call(
          () -> {
            try (Recording g = mlx.record(device)) {
              return g.keep(g.copyOf(read.bytes(), type, sizes(weight.shape())));
            }
          });
    }
    return inSlices(checkpoint, weight, type, bytes, cancel);
  }

  private MlxArray inSlices(
      Checkpoint checkpoint, Weight weight, MlxType type, long bytes, Cancellation cancel)
      throws EngineException {
    int[] shape = sizes(weight.shape());
    MlxArray target = mlx.call(() -> evaluated(g -> g.zeros(type, shape)));
    try {
      long step = Math.max(1, SLICE_BYTES / (bytes / shape[0]));
      for (long from = 0; from < shape[0]; from += step) {
        if (cancel.isCancelled()) {
          throw new EngineException.Cancelled();
        }
        Weight slice = weight.rows(from, Math.min(shape[0], from + step));
        Tensor read = checkpoint.read(slice, dtype(type));
        MlxArray before = target;
        int first = Math.toIntExact(from);
        target = mlx.call(() -> filled(before, first, read, type));
      }
      return target;
    } catch (EngineException | RuntimeException e) {
      target.close();
      throw e;
    }
  }

  /** Writes rows in place, which MLX does for an array that has no other owner. */
  private MlxArray filled(MlxArray target, int first, Tensor rows, MlxType type) {
    int[] shape = sizes(rows.shape());
    int[] start = new int[shape.length];
    int[] stop = shape.clone();
    start[0] = first;
    stop[0] += first;
    return evaluated(
        g -> {
          MlxArray after = g.update(target, g.copyOf(rows.bytes(), type, shape), start, stop);
          target.close();
          return after;
        });
  }

  @FunctionalInterface
  private interface Recipe {
    MlxArray record(Recording g);
  }

  private MlxArray evaluated(Recipe recipe) {
    MlxArray result;
    try (Recording g = mlx.record(device)) {
      result = g.keep(recipe.record(g));
    }
    try {
      mlx.evaluate(List.of(result));
      return result;
    } catch (RuntimeException e) {
      result.close();
      throw e;
    }
  }

  private static DType dtype(MlxType type) {
    return switch (type) {
      case F32 -> DType.F32;
      case F16 -> DType.F16;
      case BF16 -> DType.BF16;
      case BOOL, U32, I32 -> throw new IllegalArgumentException("weights are not held as " + type);
    };
  }

  private static int[] sizes(List<Long> shape) {
    return shape.stream().mapToInt(Math::toIntExact).toArray();
  }
}
