package dev.brigade.engine.mlx;

import dev.brigade.model.engine.WeightShelf;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The weights of one shard, borrowed from the engine's shelf, as its steps want them. */
final class ShardWeights implements AutoCloseable {
  private final WeightShelf<WeightKey, HeldWeight> shelf;
  private final List<WeightKey> borrowed = new ArrayList<>();
  private final Map<Weight, Operand> operands = new HashMap<>();
  // A recipe asks with the same objects in every step; hashing a stack of experts takes its time.
  private final Map<Weight, Operand> byIdentity = new IdentityHashMap<>();
  private long bytes;

  private ShardWeights(WeightShelf<WeightKey, HeldWeight> shelf) {
    this.shelf = shelf;
  }

  /** Borrows all of them, or none. */
  static ShardWeights load(
      WeightShelf<WeightKey, HeldWeight> shelf,
      Map<Weight, WeightKey> keys,
      WeightLoader loader,
      Checkpoint checkpoint,
      Consumer<Progress> progress,
      Cancellation cancel)
      throws EngineException {
    ShardWeights weights = new ShardWeights(shelf);
    long total = keys.values().stream().mapToLong(WeightKey::bytes).sum();
    try {
      for (WeightKey key : keys.values()) {
        if (cancel.isCancelled()) {
          throw new EngineException.Cancelled();
        }
        HeldWeight held = shelf.borrow(key, k -> loader.load(checkpoint, k, cancel));
        weights.borrowed.add(key);
        weights.bytes += key.bytes();
        weights.add(key.weight(), loader.operand(held, key));
        progress.accept(new Progress("reading weights", weights.bytes, total));
      }
      return weights;
    } catch (EngineException | RuntimeException e) {
      weights.close();
      throw e;
    }
  }

  private void add(Weight weight, Operand operand) {
    operands.put(weight, operand);
    byIdentity.put(weight, operand);
  }

  /** What to compute with. */
  Operand operand(Weight weight) {
    Operand known = byIdentity.get(weight);
    return known != null ? known : operands.get(weight);
  }

  /** Memory of the weights, borrowed ones in full; nothing once closed. */
  long bytes() {
    return bytes;
  }

  /** Gives back what was borrowed; idempotent. */
  @Override
  public void close() {
    operands.values().forEach(Operand::close);
    operands.clear();
    byIdentity.clear();
    borrowed.forEach(shelf::giveBack);
    borrowed.clear();
    bytes = 0;
  }
}
