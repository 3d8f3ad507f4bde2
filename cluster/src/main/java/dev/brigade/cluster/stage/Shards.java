package dev.brigade.cluster.stage;

import dev.brigade.cluster.ModelLibrary;
import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.ServedModel;
import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.cluster.wire.Head;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.LoadRequest;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.partition.Plan;
import dev.brigade.spi.partition.Stage;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.spi.transport.TransportException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Loads and unloads this node's stages of plans. A stage is kept as long as a member that asked for
 * it has not released it. Owned by the loop.
 */
final class Shards {
  private static final System.Logger LOG = System.getLogger(Shards.class.getName());

  private final NodeId self;
  private final NodeRuntime runtime;
  private final InferenceEngine engine;
  private final ModelLibrary library;
  private final MemoryLedger ledger;
  private final BiConsumer<Shard, Progress> progress;
  private final Map<String, HostedShard> hosted = new LinkedHashMap<>();

  Shards(
      NodeId self,
      NodeRuntime runtime,
      InferenceEngine engine,
      ModelLibrary library,
      MemoryLedger ledger,
      BiConsumer<Shard, Progress> progress) {
    this.self = self;
    this.runtime = runtime;
    this.engine = engine;
    this.library = library;
    this.ledger = ledger;
    this.progress = progress;
  }

  Optional<HostedShard> find(String plan) {
    return Optional.ofNullable(hosted.get(plan));
  }

  /** Loads this node's stage of a plan unless it is there, and remembers who wants it. */
  CompletableFuture<Head.Placed> place(NodeId holder, Plan plan) {
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
    shard.holders.add(holder);
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
    runtime
        .background()
        .execute(
            () -> {
              try {
                ServedModel model = library.open(shard.plan.model());
                requireSame(model, shard.plan);
                runtime.loop().execute(() -> reserve(shard, model));
              } catch (RequestException | TransportException.Refused | RuntimeException e) {
                runtime.loop().execute(() -> failed(shard, e));
              }
            });
  }

  private static void requireSame(ServedModel model, Plan plan) throws TransportException.Refused {
    if (!model.ref().equals(plan.model())) {
      throw new TransportException.Refused(
          "model '%s' has other files here (%s) than where the plan was made (%s)"
              .formatted(plan.model().id(), model.ref().fingerprint(), plan.model().fingerprint()));
    }
  }

  private void reserve(HostedShard shard, ServedModel model) {
    if (shard.loading.isCancelled()) {
      failed(shard, new EngineException.Cancelled());
      return;
    }
    Stage stage = shard.stage();
    Optional<EngineProfile.Cost> cost = engine.profile().cost(stage.precision());
    if (cost.isEmpty()) {
      failed(
          shard,
          new TransportException.Refused(
              "engine '%s' has no precision %s, only %s"
                  .formatted(
                      engine.profile().engine(),
                      stage.precision(),
                      engine.profile().precisions())));
      return;
    }
    long weights = model.shape().weights(stage.first(), stage.last());
    long bytes = (long) Math.ceil(weights * cost.get().bytesPerWeight());
    try {
      String what =
          "layers [%d, %d) of %s in %s"
              .formatted(stage.first(), stage.last(), model.ref().id(), stage.precision());
      MemoryLedger.Reservation memory = ledger.reserve(what, bytes);
      runtime.background().execute(() -> loadInBackground(shard, model, cost.get(), memory));
    } catch (InsufficientMemoryException e) {
      failed(shard, e);
    }
  }

  private void loadInBackground(
      HostedShard hostedShard,
      ServedModel model,
      EngineProfile.Cost cost,
      MemoryLedger.Reservation memory) {
    Shard shard = hostedShard.plan.shard(hostedShard.index);
    try {
      model.weights().fetch(shard, step -> progress.accept(shard, step), hostedShard.loading);
      Instant begin = runtime.clock().instant();
      LoadedShard loaded =
          engine.load(
              new LoadRequest(shard, model.path(), cost.precision()),
              step -> progress.accept(shard, step),
              hostedShard.loading);
      Duration took = Duration.between(begin, runtime.clock().instant());
      // Memory is the engine thread's to ask for.
      runtime
          .engine()
          .execute(
              () -> {
                long bytes = loaded.memory().total();
                runtime
                    .loop()
                    .execute(() -> loaded(hostedShard, loaded, model, memory, cost, bytes, took));
              });
    } catch (RequestException | EngineException | RuntimeException | LinkageError e) {
      runtime
          .loop()
          .execute(
              () -> {
                memory.release();
                failed(hostedShard, e);
              });
    }
  }

  private void loaded(
      HostedShard shard,
      LoadedShard loaded,
      ServedModel model,
      MemoryLedger.Reservation memory,
      EngineProfile.Cost cost,
      long bytes,
      Duration took) {
    memory.adjust(bytes);
    if (shard.loading.isCancelled()) {
      runtime.engine().execute(loaded::close);
      memory.release();
      failed(shard, new EngineException.Cancelled());
      return;
    }
    shard.loaded(loaded, model, memory, cost, new Head.Placed(took.toMillis(), bytes));
    LOG.log(
        System.Logger.Level.INFO,
        "loaded layers [{0}, {1}) of {2} in {3} for plan {4}: {5} bytes, {6} ms",
        shard.stage().first(),
        shard.stage().last(),
        model.ref().id(),
        cost.precision(),
        shard.plan.id(),
        bytes,
        took.toMillis());
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

  /** Forgets that a node wants a plan; {@code inUse} keeps what sequences still run on. */
  void release(NodeId holder, String plan, Predicate<HostedShard> inUse) {
    HostedShard shard = hosted.get(plan);
    if (shard != null) {
      shard.holders.remove(holder);
      unloadUnwanted(inUse);
    }
  }

  /** Forgets what nodes wanted that are gone. */
  void retainHolders(Predicate<NodeId> isMember, Predicate<HostedShard> inUse) {
    hosted.values().forEach(shard -> shard.holders.removeIf(isMember.negate()));
    unloadUnwanted(inUse);
  }

  /** Unloads what nobody wants and nothing runs on. */
  void unloadUnwanted(Predicate<HostedShard> inUse) {
    for (HostedShard shard : new ArrayList<>(hosted.values())) {
      if (shard.holders.isEmpty() && !inUse.test(shard)) {
        unload(shard);
      }
    }
  }

  private void unload(HostedShard shard) {
    shard.loading.cancel();
    if (shard.loaded().isPresent()) {
      hosted.remove(shard.plan.id());
      HostedShard.Loaded loaded = shard.loaded().get();
      shard.unloaded();
      runtime
          .engine()
          .execute(
              () -> {
                loaded.shard().close();
                runtime.loop().execute(loaded.memory()::release);
              });
    }
  }

  /** Unloads everything. */
  void close() {
    hosted.values().forEach(shard -> shard.holders.clear());
    unloadUnwanted(shard -> false);
  }
}
