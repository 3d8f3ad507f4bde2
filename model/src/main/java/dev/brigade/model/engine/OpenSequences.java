package dev.brigade.model.engine;

import dev.brigade.model.decoder.KvShape;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Slice;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The open sequences of one shard, and the owner of their caches: takes the memory from the budget
 * before the cache is made, and gives both back when a sequence, or the shard, is closed. Used on
 * the engine's thread.
 *
 * @param <C> what stands for the cache of one sequence
 */
public final class OpenSequences<C> implements AutoCloseable {
  private final Shard shard;
  private final List<KvShape> kvShapes;
  private final MemoryBudget budget;
  private final KvMemory<C> memory;
  private final Map<Sequence, CachedSequence<C>> open = new IdentityHashMap<>();
  private long bytes;

  /**
   * @param kvShapes what each layer of the shard caches for a token
   */
  public OpenSequences(
      Shard shard, List<KvShape> kvShapes, MemoryBudget budget, KvMemory<C> memory) {
    this.shard = shard;
    this.kvShapes = List.copyOf(kvShapes);
    this.budget = budget;
    this.memory = memory;
  }

  /** Opens a sequence with its whole capacity, or refuses with the sum that does not fit. */
  public CachedSequence<C> open(SequenceSpec spec) throws InsufficientMemoryException {
    String what = "KV cache of " + spec.capacity() + " tokens for " + shard.model().id();
    long needed = memory.bytes(spec.capacity());
    budget.reserve(what, needed);
    boolean opened = false;
    try {
      CachedSequence<C> sequence = new CachedSequence<>(this, spec, memory.allocate(spec));
      open.put(sequence, sequence);
      bytes += needed;
      opened = true;
      return sequence;
    } catch (InsufficientMemoryException e) {
      throw e;
    } catch (EngineException | OutOfMemoryError e) {
      InsufficientMemoryException refusal =
          new InsufficientMemoryException(what, needed, budget.available());
      refusal.initCause(e);
      throw refusal;
    } finally {
      if (!opened) {
        budget.release(needed);
      }
    }
  }

  /** Whether a sequence is one of these. */
  public boolean isOpen(Sequence sequence) {
    return open.containsKey(sequence);
  }

  /** One of these. */
  public CachedSequence<C> get(Sequence sequence) {
    return Optional.ofNullable(open.get(sequence))
        .orElseThrow(() -> new IllegalArgumentException("a sequence is not open on this shard"));
  }

  /** All of these. */
  public List<CachedSequence<C>> all() {
    return List.copyOf(open.values());
  }

  /** Counts the tokens of a pass that has written all its keys and values. */
  public void grow(List<Slice> slices) {
    slices.forEach(slice -> get(slice.sequence()).grow(slice.count()));
  }

  /** Bytes that the caches take. */
  public long bytes() {
    return bytes;
  }

  KvMemory<C> memory() {
    return memory;
  }

  List<KvShape> kvShapes() {
    return kvShapes;
  }

  int firstLayer() {
    return shard.first();
  }

  void close(CachedSequence<C> sequence) {
    if (open.remove(sequence) != null) {
      memory.free(sequence.cache());
      long held = memory.bytes(sequence.capacity());
      bytes -= held;
      budget.release(held);
    }
  }

  @Override
  public void close() {
    all().forEach(this::close);
  }
}
