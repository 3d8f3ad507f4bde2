package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Grouped;
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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Copies tensors from a checkpoint into MLX's memory. Large ones go in slices, since a buffer of
 * Java ends at 2 GiB and a cancellation should not wait for one. From any thread; what is given is
 * evaluated and the caller's to close.
 */
final class ArrayLoader {
  private final Mlx mlx;
  private final Mlx.Device device;
  private final long sliceBytes;

  /**
   * @param sliceBytes the most that is copied at once, unless a single row is longer
   */
  ArrayLoader(Mlx mlx, Mlx.Device device, long sliceBytes) {
    this.mlx = mlx;
    this.device = device;
    this.sliceBytes = sliceBytes;
  }

  /** A weight element by element; U32 for the words of quantised ones, U8 for their codes. */
  MlxArray load(Checkpoint checkpoint, Weight weight, MlxType type, Cancellation cancel)
      throws EngineException {
    List<Weight> slices = slices(weight, type);
    if (slices.size() == 1) {
      Tensor read = checkpoint.read(weight, dtype(type));
      return mlx.call(
          () -> {
            if (type == MlxType.U8) {
              return evaluated(g -> copied(g, read, type));
            }
            try (Recording g = mlx.record(device)) {
              return g.keep(copied(g, read, type));
            }
          });
    }
    MlxArray target = mlx.call(() -> evaluated(g -> g.zeros(type, sizes(weight.shape()))));
    try {
      int first = 0;
      for (Weight slice : slices) {
        if (cancel.isCancelled()) {
          throw new EngineException.Cancelled();
        }
        Tensor read = checkpoint.read(slice, dtype(type));
        MlxArray before = target;
        int at = first;
        target = mlx.call(() -> filled(before, at, read, type));
        first += read.size(0);
      }
      return target;
    } catch (EngineException | RuntimeException e) {
      target.close();
      throw e;
    }
  }

  /** The weight cut along its outermost dimension into what is copied at once. */
  List<Weight> slices(Weight weight, MlxType type) {
    long bytes = weight.elements() * type.bytes();
    if (bytes <= sliceBytes) {
      return List.of(weight);
    }
    long entries = weight.shape().get(0);
    long step = Math.max(1, sliceBytes / (bytes / entries));
    List<Weight> slices = new ArrayList<>();
    for (long from = 0; from < entries; from += step) {
      slices.add(weight.rows(from, Math.min(entries, from + step)));
    }
    return slices;
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
          MlxArray after = g.update(target, copied(g, rows, type), start, stop);
          target.close();
          return after;
        });
  }

  /** Codes come as wide as words are and are made narrow here. */
  private static MlxArray copied(Recording g, Tensor read, MlxType type) {
    int[] shape = sizes(read.shape());
    return type == MlxType.U8
        ? g.cast(g.copyOf(read.bytes(), MlxType.I32, shape), type)
        : g.copyOf(read.bytes(), type, shape);
  }

  /** A view with the axes in another order. */
  MlxArray transposed(MlxArray array, int... axes) throws EngineException {
    return mlx.call(() -> evaluated(g -> g.transpose(array, axes)));
  }

  /** Quantises the rows of a matrix or of a stack. */
  Grouped quantized(MlxArray plain, int groupSize, int bits) throws EngineException {
    return mlx.call(() -> evaluatedGroups(g -> g.products().quantize(plain, groupSize, bits)));
  }

  /** One after the other along the outermost axis; closes the parts. */
  Grouped joined(List<Grouped> parts) throws EngineException {
    Grouped first = parts.get(0);
    Grouped all =
        mlx.call(
            () ->
                evaluatedGroups(
                    g ->
                        new Grouped(
                            first.mode(),
                            g.concat(parts.stream().map(Grouped::packed).toList(), 0),
                            g.concat(parts.stream().map(Grouped::scales).toList(), 0),
                            first.biases().map(any -> g.concat(biases(parts), 0)),
                            first.groupSize(),
                            first.bits())));
    parts.forEach(Grouped::close);
    return all;
  }

  private static List<MlxArray> biases(List<Grouped> parts) {
    return parts.stream().map(part -> part.biases().orElseThrow()).toList();
  }

  private MlxArray evaluated(Function<Recording, MlxArray> recipe) {
    MlxArray result;
    try (Recording g = mlx.record(device)) {
      result = g.keep(recipe.apply(g));
    }
    try {
      mlx.evaluate(List.of(result));
      return result;
    } catch (RuntimeException e) {
      result.close();
      throw e;
    }
  }

  private Grouped evaluatedGroups(Function<Recording, Grouped> recipe) {
    try (Recording g = mlx.record(device)) {
      Grouped result = recipe.apply(g);
      List<MlxArray> arrays = result.arrays();
      mlx.evaluate(arrays);
      arrays.forEach(g::keep);
      return result;
    }
  }

  private static DType dtype(MlxType type) {
    return switch (type) {
      case F32 -> DType.F32;
      case F16 -> DType.F16;
      case BF16 -> DType.BF16;
      case U32, U8 -> DType.I32;
      case BOOL, I32 -> throw new IllegalArgumentException("weights are not held as " + type);
    };
  }

  private static int[] sizes(List<Long> shape) {
    return shape.stream().mapToInt(Math::toIntExact).toArray();
  }
}
