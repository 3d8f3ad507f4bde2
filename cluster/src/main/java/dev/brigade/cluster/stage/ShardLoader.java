package dev.brigade.cluster.stage;

import dev.brigade.cluster.ModelLibrary;
import dev.brigade.cluster.RequestException;
import dev.brigade.cluster.ServedModel;
import dev.brigade.cluster.runtime.NodeRuntime;
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
import dev.brigade.spi.transport.TransportException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * Brings shards from files into the engine, their memory counted before it is used: files on a
 * background thread, counting on the loop, which owns this.
 */
final class ShardLoader {
  private final NodeRuntime runtime;
  private final InferenceEngine engine;
  private final ModelLibrary library;
  private final ShardMemory memory;
  private final BiConsumer<Shard, Progress> progress;

  ShardLoader(
      NodeRuntime runtime,
      InferenceEngine engine,
      ModelLibrary library,
      ShardMemory memory,
      BiConsumer<Shard, Progress> progress) {
    this.runtime = runtime;
    this.engine = engine;
    this.library = library;
    this.memory = memory;
    this.progress = progress;
  }

  /** Loads; completes on the loop. When its loading has been cancelled nothing is kept. */
  CompletableFuture<HostedShard.Loaded> load(HostedShard shard) {
    CompletableFuture<HostedShard.Loaded> result = new CompletableFuture<>();
    runtime
        .background()
        .execute(
            () -> {
              try {
                ServedModel model = library.open(shard.plan.model());
                requireSame(model, shard.plan);
                runtime.loop().execute(() -> reserve(shard, model, result));
              } catch (RequestException | TransportException.Refused | RuntimeException e) {
                runtime.loop().execute(() -> result.completeExceptionally(e));
              }
            });
    return result;
  }

  private static void requireSame(ServedModel model, Plan plan) throws TransportException.Refused {
    if (!model.ref().equals(plan.model())) {
      throw new TransportException.Refused(
          "model '%s' has other files here (%s) than where the plan was made (%s)"
              .formatted(plan.model().id(), model.ref().fingerprint(), plan.model().fingerprint()));
    }
  }

  private void reserve(
      HostedShard shard, ServedModel model, CompletableFuture<HostedShard.Loaded> result) {
    if (shard.loading.isCancelled()) {
      result.completeExceptionally(new EngineException.Cancelled());
      return;
    }
    Stage stage = shard.stage();
    Optional<EngineProfile.Cost> cost = model.shape().cost(engine.profile(), stage.precision());
    if (cost.isEmpty()) {
      result.completeExceptionally(
          new TransportException.Refused(
              "engine '%s' has no precision %s, only %s"
                  .formatted(
                      engine.profile().engine(),
                      stage.precision(),
                      engine.profile().precisions())));
      return;
    }
    try {
      String what =
          "layers [%d, %d) of %s in %s"
              .formatted(stage.first(), stage.last(), model.ref().id(), stage.precision());
      ShardMemory.Share share =
          memory.take(
              what,
              model.shape(),
              stage.precision(),
              cost.get().bytesPerWeight(),
              stage.first(),
              stage.last());
      runtime.background().execute(() -> read(shard, model, cost.get(), share, result));
    } catch (InsufficientMemoryException e) {
      result.completeExceptionally(e);
    }
  }

  private void read(
      HostedShard hosted,
      ServedModel model,
      EngineProfile.Cost cost,
      ShardMemory.Share share,
      CompletableFuture<HostedShard.Loaded> result) {
    Shard shard = hosted.plan.shard(hosted.index);
    try {
      model.weights().fetch(shard, step -> progress.accept(shard, step), hosted.loading);
      Instant begin = runtime.clock().instant();
      LoadedShard loaded =
          engine.load(
              new LoadRequest(shard, model.path(), cost.precision()),
              step -> progress.accept(shard, step),
              hosted.loading);
      Duration took = Duration.between(begin, runtime.clock().instant());
      double kv = model.shape().kv(shard.first(), shard.last()) * cost.bytesPerKvElement();
      // Memory is the engine thread's to ask for.
      runtime
          .engine()
          .execute(
              () -> {
                long bytes = loaded.memory().total();
                HostedShard.Loaded what =
                    new HostedShard.Loaded(loaded, model, share, bytes, took, kv);
                runtime.loop().execute(() -> loaded(hosted, what, result));
              });
    } catch (RequestException | EngineException | RuntimeException | LinkageError e) {
      runtime
          .loop()
          .execute(
              () -> {
                share.release();
                result.completeExceptionally(e);
              });
    }
  }

  private void loaded(
      HostedShard hosted, HostedShard.Loaded loaded, CompletableFuture<HostedShard.Loaded> result) {
    loaded.memory().adjust(loaded.bytes());
    if (hosted.loading.isCancelled()) {
      unload(loaded);
      result.completeExceptionally(new EngineException.Cancelled());
    } else {
      result.complete(loaded);
    }
  }

  /** Frees a shard on the engine's thread, then what it was promised; completes on the loop. */
  CompletableFuture<Void> unload(HostedShard.Loaded loaded) {
    CompletableFuture<Void> freed = new CompletableFuture<>();
    runtime
        .engine()
        .execute(
            () -> {
              loaded.shard().close();
              runtime
                  .loop()
                  .execute(
                      () -> {
                        loaded.memory().release();
                        freed.complete(null);
                      });
            });
    return freed;
  }
}
