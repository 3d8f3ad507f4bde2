package dev.brigade.engine.djl;

import ai.djl.pytorch.engine.PtNDArray;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * The weights that an engine holds, each once, counted by the shards that use it. Safe for use by
 * several threads.
 */
final class WeightStore {
  private final TensorLoader loader;
  private final MemoryBudget budget;
  private final Map<Key, Entry> entries = new HashMap<>();

  WeightStore(TensorLoader loader, MemoryBudget budget) {
    this.loader = loader;
    this.budget = budget;
  }

  /** A weight of one model in one element type. */
  record Key(String fingerprint, Operand.Loaded operand) {}

  private static final class Entry {
    private final PtNDArray tensor;
    private int users = 1;

    private Entry(PtNDArray tensor) {
      this.tensor = tensor;
    }
  }

  /** Bytes of those weights that are not here yet. */
  synchronized long missingBytes(Collection<Key> wanted) {
    return wanted.stream()
        .filter(key -> !entries.containsKey(key))
        .mapToLong(key -> key.operand().bytes())
        .sum();
  }

  /**
   * The weight, read if nobody holds it yet; {@link #giveBack} once for every call.
   *
   * @throws InsufficientMemoryException if the budget has not enough left
   */
  synchronized PtNDArray borrow(Key key, Checkpoint checkpoint, Cancellation cancel)
      throws EngineException {
    Entry held = entries.get(key);
    if (held != null) {
      held.users++;
      return held.tensor;
    }
    long bytes = key.operand().bytes();
    budget.reserve("weight " + key.operand().weight(), bytes);
    boolean loaded = false;
    try {
      Entry entry = new Entry(loader.load(checkpoint, key.operand(), cancel));
      entries.put(key, entry);
      loaded = true;
      return entry.tensor;
    } catch (EngineException.DeviceFailure e) {
      if (TorchFailure.isOutOfMemory(e)) {
        throw new InsufficientMemoryException(
            "weight " + key.operand().weight(), bytes, budget.available());
      }
      throw e;
    } finally {
      if (!loaded) {
        budget.release(bytes);
      }
    }
  }

  /** Frees the weight when its last user gives it back. */
  synchronized void giveBack(Key key) {
    Entry entry = entries.get(key);
    entry.users--;
    if (entry.users == 0) {
      entries.remove(key);
      entry.tensor.close();
      budget.release(key.operand().bytes());
    }
  }

  /** How many tensors are held. */
  synchronized int size() {
    return entries.size();
  }
}
