package dev.brigade.testkit.reference;

import dev.brigade.model.ModelFiles;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.WeightCensus;
import dev.brigade.model.engine.MemoryBudget;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.LoadRequest;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/** Runs every known architecture in f32. */
final class ReferenceEngine implements InferenceEngine {
  private static final EngineProfile PROFILE =
      new EngineProfile(
          ReferenceEngineProvider.NAME,
          "cpu, one thread of plain Java",
          List.of(
              new EngineProfile.Cost(Precision.F32, Float.BYTES, Float.BYTES, DType.F32, Map.of())),
          Set.of(DType.F32),
          Integer.MAX_VALUE,
          0);

  private final MemoryBudget memory;
  private final RoutingObserver observer;

  ReferenceEngine(ReferenceConfig config, RoutingObserver observer) {
    this.observer = observer;
    long limit = config.memoryLimitBytes().orElseGet(ReferenceEngine::mostOfTheHeap);
    memory = new MemoryBudget(OptionalLong.of(limit), () -> Long.MAX_VALUE);
  }

  private static long mostOfTheHeap() {
    return Runtime.getRuntime().maxMemory() / 4 * 3;
  }

  @Override
  public EngineProfile profile() {
    return PROFILE;
  }

  @Override
  public LoadedShard load(LoadRequest request, Consumer<Progress> progress, Cancellation cancel)
      throws EngineException {
    if (!request.precision().equals(Precision.F32)) {
      throw new EngineException.Unsupported(
          "precision " + request.precision() + ": the reference engine has f32 only");
    }
    Shard shard = request.shard();
    try (ModelFiles model = ModelFiles.open(request.path())) {
      Decoder decoder = model.decoder();
      if (decoder.shape().layers() != shard.layers()) {
        throw new EngineException.BadModel(
            "%s has %d layers, the shard is of a model with %d"
                .formatted(request.path(), decoder.shape().layers(), shard.layers()));
      }
      Set<Weight> census = WeightCensus.ofShard(decoder, shard.first(), shard.last());
      long bytes = census.stream().mapToLong(Weight::elements).sum() * Float.BYTES;
      memory.reserve("layers %d to %d".formatted(shard.first(), shard.last()), bytes);
      try {
        Map<Weight, float[]> weights = read(model, census, bytes, progress, cancel);
        return new ReferenceShard(shard, decoder, weights, bytes, memory, observer);
      } catch (EngineException | RuntimeException | Error e) {
        memory.release(bytes);
        throw e;
      }
    }
  }

  private static Map<Weight, float[]> read(
      ModelFiles model,
      Set<Weight> census,
      long bytes,
      Consumer<Progress> progress,
      Cancellation cancel)
      throws EngineException {
    Map<Weight, float[]> weights = new HashMap<>();
    long done = 0;
    for (Weight weight : census) {
      if (cancel.isCancelled()) {
        throw new EngineException.Cancelled();
      }
      Tensor tensor = model.checkpoint().read(weight, DType.F32);
      float[] values = new float[Math.toIntExact(weight.elements())];
      tensor.bytes().asFloatBuffer().get(values);
      weights.put(weight, values);
      done += weight.elements() * Float.BYTES;
      progress.accept(new Progress("reading weights", done, bytes));
    }
    return weights;
  }

  @Override
  public void close() {
    // Holds nothing outside the heap.
  }
}
