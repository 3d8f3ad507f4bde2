package dev.brigade.engine.mlx.bench;

import dev.brigade.engine.mlx.MlxArrays;
import dev.brigade.engine.mlx.binding.Grouped;
import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.Recording;
import dev.brigade.model.bench.PlainLlama;
import dev.brigade.model.bench.PlainLlama.Part;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** A Llama's weights in MLX, ready to be multiplied by. */
final class LlamaArrays implements AutoCloseable {
  private static final Set<Part> NORMS = Set.of(Part.INPUT_NORM, Part.POST_NORM);

  private final PlainLlama sizes;
  private final MlxArrays arrays;
  private final Map<Weight, MlxArray> plain = new HashMap<>();
  private final Map<Weight, MlxArray> factors = new HashMap<>();
  private final Map<Weight, Grouped> quantized = new HashMap<>();

  LlamaArrays(PlainLlama sizes, MlxArrays arrays) {
    this.sizes = sizes;
    this.arrays = arrays;
  }

  /** Reads all of them. */
  void load(Checkpoint checkpoint, Consumer<Progress> progress) throws EngineException {
    addPlain(checkpoint, sizes.embedding());
    addPlain(checkpoint, sizes.norm());
    addMatrix(checkpoint, sizes.head());
    for (int layer = 0; layer < sizes.layers(); layer++) {
      for (Part part : Part.values()) {
        if (NORMS.contains(part)) {
          addPlain(checkpoint, sizes.of(layer, part));
        } else {
          addMatrix(checkpoint, sizes.of(layer, part));
        }
      }
      progress.accept(new Progress("reading layers again", layer + 1, sizes.layers()));
    }
  }

  private void addPlain(Checkpoint checkpoint, Weight weight) throws EngineException {
    plain.put(weight, arrays.plain(checkpoint, weight));
  }

  private void addMatrix(Checkpoint checkpoint, Weight weight) throws EngineException {
    if (arrays.quantizes()) {
      quantized.put(weight, arrays.quantized(checkpoint, weight));
    } else {
      factors.put(weight, arrays.factor(checkpoint, weight));
    }
  }

  /** A table or the factors of a norm. */
  MlxArray plain(Weight weight) {
    return plain.get(weight);
  }

  /** Rows times a matrix. */
  MlxArray linear(Recording g, MlxArray x, Weight matrix) {
    Grouped groups = quantized.get(matrix);
    return groups != null
        ? g.products().matmul(x, groups)
        : g.products().matmul(x, factors.get(matrix));
  }

  @Override
  public void close() {
    plain.values().forEach(MlxArray::close);
    factors.values().forEach(MlxArray::close);
    quantized.values().forEach(Grouped::close);
    plain.clear();
    factors.clear();
    quantized.clear();
  }
}
