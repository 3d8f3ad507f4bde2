package dev.brigade.cluster.stage;

import dev.brigade.cluster.runtime.Messenger;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.TransportException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Loads and unloads this node's stages of plans. A stage is kept as long as a member that asked for
 * it has not released it. Owned by the loop.
 */
final class Shards {
  private static final System.Logger LOG = System.getLogger(Shards.class.getName());

  private final NodeId self;
  private final ShardLoader loader;
  private final Map<String, HostedShard> hosted = new LinkedHashMap<>();
  private boolean closed;

  Shards(NodeId self, ShardLoader loader) {
    this.self = self;
    this.loader = loader;
  }

  Optional<HostedShard> find(String plan) {
    return Optional.ofNullable(hosted.get(plan));
  }

  /** Loads this node's stage of a plan unless it is there, and remembers who wants it. */
  CompletableFuture<Head.Placed> place(NodeId holder, Plan plan) {
    if (closed) {
      return CompletableFuture.failedFuture(
          new TransportException.Refused("node " + self + " is shutting down"));
    }
    int index = indexOfSelf(plan);
    if (index < 0) {
      return CompletableFuture.failedFuture(
          new TransportException.Refused("plan " + plan.id() + " has no stage on node " + self));
    }
    HostedShard shard = hosted.get(plan.id());
    if (shard == null || shard.loading.isCancelled()) {
      shard = new HostedShard(plan, index);
      hosted.put(plan.id(), shard);
      load(shard);
    }
    shard.holders.merge(holder, 1, Integer::sum);
    return shard.ready.copy();
  }

  private int indexOfSelf(Plan plan) {
    for (int i = 0; i < plan.stages().size(); i++) {
      if (plan.stages().get(i).node().equals(self)) {
        return i;
      }
    }
    return -1;
  }

  private void load(HostedShard shard) {
    loader
        .load(shard)
        .whenComplete(
            (loaded, failure) -> {
              if (failure == null) {
                loaded(shard, loaded);
              } else {
                failed(shard, Messenger.unwrap(failure));
              }
            });
  }

  private static void loaded(HostedShard shard, HostedShard.Loaded loaded) {
    shard.loaded(loaded);
    LOG.log(
        System.Logger.Level.INFO,
        "loaded layers [{0}, {1}) of {2} in {3} for plan {4}: {5} bytes, {6} ms",
        shard.stage().first(),
        shard.stage().last(),
        loaded.model().ref().id(),
        shard.stage().precision(),
        shard.plan.id(),
        loaded.bytes(),
        loaded.took().toMillis());
  }

  private void failed(HostedShard shard, Throwable cause) {
    hosted.remove(shard.plan.id(), shard);
    LOG.log(
        System.Logger.Level.WARNING,
        "cannot load layers [{0}, {1}) for plan {2}: {3}",
        shard.stage().first(),
        shard.stage().last(),
        shard.plan.id(),
        cause.getMessage());
    shard.ready.completeExceptionally(cause);
  }

  /**
   * Forgets that a node wants a plan; {@code inUse} keeps what sequences still run on.
   *
   * @return completes when the memory of what is unloaded now is free
   */
  CompletableFuture<Void> release(NodeId holder, String plan, Predicate<HostedShard> inUse) {
    HostedShard shard = hosted.get(plan);
    if (shard == null) {
      return CompletableFuture.completedFuture(null);
    }
    shard.holders.remove(holder);
    return unloadUnwanted(inUse);
  }

  /** What is here for a node, and how often it has asked for each: by the id of the plan. */
  Map<String, Integer> heldFor(NodeId holder) {
    Map<String, Integer> held = new LinkedHashMap<>();
    hosted.forEach(
        (plan, shard) ->
            Optional.ofNullable(shard.holders.get(holder))
                .ifPresent(asked -> held.put(plan, asked)));
    return held;
  }

  /** All nodes that something is here for. */
  Set<NodeId> holders() {
    Set<NodeId> holders = new LinkedHashSet<>();
    hosted.values().forEach(shard -> holders.addAll(shard.holders.keySet()));
    return holders;
  }

  /** Forgets what nodes wanted that are gone. */
  void retainHolders(Predicate<NodeId> isMember, Predicate<HostedShard> inUse) {
    hosted.values().forEach(shard -> shard.holders.keySet().removeIf(isMember.negate()));
    unloadUnwanted(inUse);
  }

  /** Unloads what nobody wants and nothing runs on. */
  CompletableFuture<Void> unloadUnwanted(Predicate<HostedShard> inUse) {
    List<CompletableFuture<Void>> freed = new ArrayList<>();
    for (HostedShard shard : new ArrayList<>(hosted.values())) {
      if (shard.holders.isEmpty() && !inUse.test(shard)) {
        freed.add(unload(shard));
      }
    }
    return CompletableFuture.allOf(freed.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> unload(HostedShard shard) {
    shard.loading.cancel();
    if (shard.loaded().isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    hosted.remove(shard.plan.id());
    HostedShard.Loaded loaded = shard.loaded().get();
    shard.unloaded();
    return loader.unload(loaded);
  }

  /**
   * Unloads everything, and loads nothing from now on. Completes once no loading is under way that
   * the engine would have to outlive.
   */
  CompletableFuture<Void> close() {
    closed = true;
    List<CompletableFuture<?>> loading = new ArrayList<>();
    hosted.values().stream()
        .filter(shard -> shard.loaded().isEmpty())
        .forEach(shard -> loading.add(shard.ready.handle((placed, failure) -> null)));
    hosted.values().forEach(shard -> shard.holders.clear());
    unloadUnwanted(shard -> false);
    return CompletableFuture.allOf(loading.toArray(CompletableFuture[]::new));
  }
}
