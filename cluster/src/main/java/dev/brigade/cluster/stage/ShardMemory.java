package dev.brigade.cluster.stage;

import dev.brigade.cluster.plan.HeldLayers;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.ModelRef;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.partition.ModelShape;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the node's shards take of its memory. Where the engine keeps weights once however many
 * shards have them, a shard costs the layers that it adds. Owned by the loop.
 */
final class ShardMemory {
  private final MemoryLedger ledger;
  private final boolean shared;
  private final Set<Share> shares = new LinkedHashSet<>();
  private final MemoryLedger.Reservation reserved;

  /**
   * @param shared whether equal weights of several shards are kept once
   */
  ShardMemory(MemoryLedger ledger, boolean shared) {
    this.ledger = ledger;
    this.shared = shared;
    this.reserved = ledger.none();
  }

  private record Kind(ModelRef model, Precision precision) {}

  /**
   * Takes the memory of a shard's weights before they are loaded.
   *
   * @param what for a person to read
   */
  Share take(
      String what,
      ModelShape model,
      Precision precision,
      double bytesPerWeight,
      int first,
      int last)
      throws InsufficientMemoryException {
    Share share = new Share(model, precision, bytesPerWeight, first, last);
    long before = sum();
    shares.add(share);
    long more = sum() - before;
    if (more > ledger.availableBytes()) {
      shares.remove(share);
      throw new InsufficientMemoryException(what, more, Math.max(0, ledger.availableBytes()));
    }
    reserved.adjust(sum());
    return share;
  }

  private long sum() {
    long sum = 0;
    Map<Kind, HeldLayers> held = new LinkedHashMap<>();
    Map<Kind, Share> sample = new LinkedHashMap<>();
    for (Share share : shares) {
      sum += share.surplus;
      if (shared) {
        Kind kind = new Kind(share.model.model(), share.precision);
        held.computeIfAbsent(kind, k -> new HeldLayers()).add(share.first, share.last);
        sample.put(kind, share);
      } else {
        sum += share.estimate();
      }
    }
    for (Map.Entry<Kind, Share> kind : sample.entrySet()) {
      long weights = held.get(kind.getKey()).weights(kind.getValue().model);
      sum += (long) Math.ceil(weights * kind.getValue().bytesPerWeight);
    }
    return sum;
  }

  /** One shard's part. */
  final class Share {
    private final ModelShape model;
    private final Precision precision;
    private final double bytesPerWeight;
    private final int first;
    private final int last;

    /** What it takes beyond the estimate; may be negative. */
    private long surplus;

    private Share(
        ModelShape model, Precision precision, double bytesPerWeight, int first, int last) {
      this.model = model;
      this.precision = precision;
      this.bytesPerWeight = bytesPerWeight;
      this.first = first;
      this.last = last;
    }

    private long estimate() {
      return (long) Math.ceil(model.weights(first, last) * bytesPerWeight);
    }

    /**
     * Replaces the estimate by what it really is.
     *
     * @param bytes of the whole shard, what it shares included
     */
    void adjust(long bytes) {
      surplus = bytes - estimate();
      reserved.adjust(sum());
    }

    /** Gives it back; idempotent. */
    void release() {
      if (shares.remove(this)) {
        reserved.adjust(sum());
      }
    }
  }
}
