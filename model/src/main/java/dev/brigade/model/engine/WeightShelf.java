package dev.brigade.model.engine;

import dev.brigade.spi.engine.EngineException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * The weights that an engine holds, each once, counted by the shards that use it. Safe for use by
 * several threads.
 *
 * @param <K> names a weight: model, tensor, how it is stored
 * @param <T> the engine's tensor; closed by the shelf when its last user gives it back
 */
public final class WeightShelf<K, T extends AutoCloseable> {
  private final MemoryBudget budget;
  private final ToLongFunction<K> bytes;
  private final Map<K, Entry<T>> entries = new HashMap<>();

  /**
   * @param budget what weights are taken from
   * @param bytes memory that a weight takes
   */
  public WeightShelf(MemoryBudget budget, ToLongFunction<K> bytes) {
    this.budget = budget;
    this.bytes = bytes;
  }

  /** Reads a weight into memory of the engine's. */
  @FunctionalInterface
  public interface Loader<K, T> {
    T load(K key) throws EngineException;
  }

  private static final class Entry<T> {
    private final T tensor;
    private int users = 1;

    private Entry(T tensor) {
      this.tensor = tensor;
    }
  }

  /** Bytes of those weights that are not here yet; each counts once. */
  public synchronized long missingBytes(Collection<K> wanted) {
    return wanted.stream()
        .distinct()
        .filter(key -> !entries.containsKey(key))
        .mapToLong(bytes)
        .sum();
  }

  /**
   * The weight, read if nobody holds it yet; {@link #giveBack} once for every call.
   *
   * @throws dev.brigade.spi.engine.InsufficientMemoryException if the budget has not enough left
   */
  public synchronized T borrow(K key, Loader<K, T> loader) throws EngineException {
    Entry<T> held = entries.get(key);
    if (held != null) {
      held.users++;
      return held.tensor;
    }
    long needed = bytes.applyAsLong(key);
    budget.reserve("weight " + key, needed);
    boolean loaded = false;
    try {
      T tensor = loader.load(key);
      entries.put(key, new Entry<>(tensor));
      loaded = true;
      return tensor;
    } finally {
      if (!loaded) {
        budget.release(needed);
      }
    }
  }

  /** Frees the weight when its last user gives it back. */
  public synchronized void giveBack(K key) {
    Entry<T> entry = entries.get(key);
    if (--entry.users == 0) {
      entries.remove(key);
      budget.release(bytes.applyAsLong(key));
      try {
        entry.tensor.close();
      } catch (Exception e) {
        throw new IllegalStateException("weight " + key + " could not be freed", e);
      }
    }
  }

  /** How many weights are held. */
  public synchronized int size() {
    return entries.size();
  }
}
