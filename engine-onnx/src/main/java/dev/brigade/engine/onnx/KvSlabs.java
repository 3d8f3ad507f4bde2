package dev.brigade.engine.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The caches of a shard's sequences. Sequences of about the same capacity get slots side by side:
 * the stride is the next power of two, which costs addresses and no memory where the system gives
 * pages when they are first touched.
 */
final class KvSlabs implements AutoCloseable {
  private static final int MOST_SLOTS = 8;
  private static final int LEAST_STRIDE = 64;
  private static final boolean GIVES_PAGES_LATE =
      !System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("win");

  private final SortedMap<Integer, KvLayout> layouts;
  private final List<KvSlab> slabs = new ArrayList<>();

  KvSlabs(SortedMap<Integer, KvLayout> layouts) {
    this.layouts = layouts;
  }

  /** Memory that the caches of a sequence take. */
  long bytes(long capacity) {
    return 2 * capacity * layouts.values().stream().mapToLong(KvLayout::bytesPerToken).sum();
  }

  /** Whether Java can look at a cache of that capacity. */
  boolean canHold(long capacity) {
    return KvSlab.mostSlots(layouts, capacity) >= 1;
  }

  /**
   * Takes a free slot for a capacity.
   *
   * @throws OutOfMemoryError if the system gives no memory
   */
  KvSlot take(int capacity, List<Boolean> rotation) {
    int stride = stride(capacity);
    Optional<KvSlab> free =
        slabs.stream().filter(slab -> slab.stride() == stride && slab.hasFreeSlot()).findFirst();
    KvSlab slab = free.orElseGet(() -> allocate(stride, capacity));
    if (free.isEmpty()) {
      slabs.add(slab);
    }
    return new KvSlot(slab, slab.occupy(), rotation);
  }

  /** One more than the capacity at least: what fills a gap in a batch is written there. */
  private int stride(int capacity) {
    long wanted = Math.max(LEAST_STRIDE, Long.highestOneBit(capacity) * 2);
    boolean fits = GIVES_PAGES_LATE && KvSlab.mostSlots(layouts, wanted) >= 1;
    return fits ? (int) wanted : capacity;
  }

  private KvSlab allocate(int stride, int capacity) {
    int slots = stride > capacity ? Math.min(MOST_SLOTS, KvSlab.mostSlots(layouts, stride)) : 1;
    while (slots > 1) {
      try {
        return new KvSlab(layouts, slots, stride);
      } catch (OutOfMemoryError e) {
        // The system promises no more than it has: fewer side by side, then.
        slots /= 2;
      }
    }
    return new KvSlab(layouts, 1, stride);
  }

  /** Gives a slot back. */
  void giveBack(KvSlot slot) {
    KvSlab slab = slot.slab();
    if (slab.vacate(slot.number())) {
      slabs.remove(slab);
      slab.close();
    }
  }

  @Override
  public void close() {
    slabs.forEach(KvSlab::close);
    slabs.clear();
  }
}
