package dev.brigade.cluster;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.LoadRequest;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.Shard;
import java.util.List;
import java.util.function.Consumer;

/** An engine, and what it was asked to load. */
record CountingEngine(InferenceEngine engine, List<Shard> loads) implements InferenceEngine {

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
    loads.add(request.shard());
    return engine.load(request, progress, cancel);
  }

  @Override
  public void close() {
    engine.close();
  }
}
