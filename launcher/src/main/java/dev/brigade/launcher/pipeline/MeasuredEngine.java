package dev.brigade.launcher.pipeline;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.LoadRequest;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.Shard;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** An engine that remembers what each load took. */
final class MeasuredEngine implements InferenceEngine {
  private final InferenceEngine engine;
  private final Map<Shard, Load> loads = new ConcurrentHashMap<>();

  /**
   * What loading a shard took.
   *
   * @param bytes of its weights
   */
  record Load(Duration time, long bytes) {}

  MeasuredEngine(InferenceEngine engine) {
    this.engine = engine;
  }

  /** What the last load of a shard took. */
  Optional<Load> load(Shard shard) {
    return Optional.ofNullable(loads.get(shard));
  }

  @Override
  public EngineProfile profile() {
    return engine.profile();
  }

  @Override
  public boolean sharesWeights() {
    return engine.sharesWeights();
  }

  @Override
  public LoadedShard load(LoadRequest request, Consumer<Progress> progress, Cancellation cancel)
      throws EngineException {
    long start = System.nanoTime();
    LoadedShard shard = engine.load(request, progress, cancel);
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    loads.put(request.shard(), new Load(time, shard.memory().weights()));
    return shard;
  }

  @Override
  public void close() {
    engine.close();
  }
}
