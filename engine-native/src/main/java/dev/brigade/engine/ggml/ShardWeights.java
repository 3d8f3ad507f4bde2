package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.GgmlDevice;
import dev.brigade.engine.ggml.binding.GgmlTensor;
import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.engine.ggml.binding.TensorBlock;
import dev.brigade.model.decoder.WeightUse;
import dev.brigade.model.engine.WeightShelf;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The weights of one shard, borrowed from the engine's shelf, and small constants of its own. */
final class ShardWeights implements AutoCloseable {
  private final GgmlDevice device;
  private final WeightShelf<WeightKey, TensorBlock> shelf;
  private final List<WeightKey> borrowed = new ArrayList<>();
  private final Map<WeightForms.Use, GgmlTensor> held = new HashMap<>();
  private final Map<List<Float>, TensorBlock> constants = new HashMap<>();
  private long bytes;

  private ShardWeights(GgmlDevice device, WeightShelf<WeightKey, TensorBlock> shelf) {
    this.device = device;
    this.shelf = shelf;
  }

  /** Gets all weights of a shard, or none. */
  static ShardWeights load(
      GgmlDevice device,
      WeightShelf<WeightKey, TensorBlock> shelf,
      Map<WeightForms.Use, WeightKey> forms,
      WeightLoader loader,
      Consumer<Progress> progress,
      Cancellation cancel)
      throws EngineException {
    ShardWeights weights = new ShardWeights(device, shelf);
    Set<WeightKey> keys = new LinkedHashSet<>(forms.values());
    long total = keys.stream().mapToLong(WeightKey::bytes).sum();
    try {
      Map<WeightKey, GgmlTensor> tensors = new HashMap<>();
      for (WeightKey key : keys) {
        if (cancel.isCancelled()) {
          throw new EngineException.Cancelled();
        }
        tensors.put(key, shelf.borrow(key, loader::load).tensor(0));
        weights.borrowed.add(key);
        weights.bytes += key.bytes();
        progress.accept(new Progress("reading weights", weights.bytes, total));
      }
      forms.forEach((use, key) -> weights.held.put(use, tensors.get(key)));
      return weights;
    } catch (EngineException | RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  /** A weight in the form in which it is used. */
  GgmlTensor tensor(Weight weight, WeightUse use) {
    return held.get(new WeightForms.Use(weight, use));
  }

  /** A matrix to multiply by; a router's if that is what it is. */
  GgmlTensor matrix(Weight weight) {
    GgmlTensor router = held.get(new WeightForms.Use(weight, WeightUse.ROUTER));
    return router != null ? router : tensor(weight, WeightUse.MATRIX);
  }

  /** How many tensors there are. */
  int count() {
    return borrowed.size() + constants.size();
  }

  /**
   * An f32 tensor of numbers that the recipe knows: a vector, or a square matrix row by row.
   *
   * @param square whether it is a matrix
   */
  GgmlTensor constant(List<Float> values, boolean square) throws InsufficientMemoryException {
    TensorBlock block = constants.get(values);
    if (block == null) {
      long side = square ? Math.round(Math.sqrt(values.size())) : values.size();
      List<Long> shape = square ? List.of(side, side) : List.of(side);
      block =
          TensorBlock.allocate(
              device, "a constant", List.of(new TensorBlock.Layout(GgmlType.F32, shape)));
      constants.put(values, block);
      ByteBuffer bytes =
          ByteBuffer.allocateDirect(Float.BYTES * values.size()).order(ByteOrder.nativeOrder());
      values.forEach(bytes::putFloat);
      block.tensor(0).set(bytes.flip(), 0);
    }
    return block.tensor(0);
  }

  /** Memory of the weights, borrowed ones in full; nothing once closed. */
  long bytes() {
    return bytes;
  }

  /** Gives back what was borrowed and frees the rest; idempotent. */
  @Override
  public void close() {
    borrowed.forEach(shelf::giveBack);
    borrowed.clear();
    held.clear();
    constants.values().forEach(TensorBlock::close);
    constants.clear();
    bytes = 0;
  }
}
