package dev.brigade.engine.onnx;

import ai.onnxruntime.OrtSession;
import dev.brigade.model.ModelFiles;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.engine.HostResources;
import dev.brigade.model.engine.MemoryBudget;
import dev.brigade.model.engine.WeightShelf;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Host;
import dev.brigade.spi.Progress;
import dev.brigade.spi.Timer;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.LoadRequest;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.Shard;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** ONNX Runtime on one device. */
final class OnnxEngine implements InferenceEngine, EngineContext {
  /** ONNX Runtime's libraries once they have run something, as measured on Linux. */
  private static final long RUNTIME_BYTES = 60L << 20;

  private static final int CHUNK_ROWS = 256;
  private static final int MOST_SLICES = 256;

  /** Starting a session takes time in the square of the bodies in its graph. */
  static final int MOST_SEPARATE_EXPERTS = 16;

  private final int mostSeparateExperts;
  private final Timer timer;
  private final ExecutionProvider provider;
  private final int threads;
  private final int chunkRows;
  private final MemoryBudget budget;
  private final WeightLoader loader;
  private final WeightShelf<WeightTensors.Key, WeightTensors> weights;
  private final SessionFactory sessions;
  private final Set<OnnxShard> shards = ConcurrentHashMap.newKeySet();
  private boolean closed;

  OnnxEngine(OnnxEngineConfig config, Host host) {
    this(config, host, MOST_SEPARATE_EXPERTS);
  }

  /**
   * @param mostSeparateExperts most experts of a layer that are nodes of their own, used where they
   *     lie in the model's file; more of them are stacked anew
   */
  OnnxEngine(OnnxEngineConfig config, Host host, int mostSeparateExperts) {
    this.mostSeparateExperts = mostSeparateExperts;
    timer = host.timer();
    provider = ExecutionProvider.parse(config.provider().orElse("auto"));
    threads = config.threads().orElseGet(HostResources::cores);
    chunkRows = config.chunkRows().orElse(CHUNK_ROWS);
    OptionalLong limit = config.memoryBytes().map(OptionalLong::of).orElseGet(OptionalLong::empty);
    budget = new MemoryBudget(limit, HostResources::availableMemory);
    Path folder = host.cache().resolve(OnnxEngineProvider.NAME);
    loader = new WeightLoader(new WeightCache(folder));
    weights = new WeightShelf<>(budget, key -> key.operand().bytes());
    sessions = new SessionFactory(provider, threads, config.spinning().orElse(false), folder);
    host.logger(OnnxEngine.class.getName())
        .log(
            System.Logger.Level.DEBUG,
            () ->
                "ONNX Runtime %s on %s, %d threads"
                    .formatted(Ort.environment().getVersion(), provider.name(), threads));
  }

  @Override
  public Optional<String> library() {
    return Optional.of("ONNX Runtime " + Ort.environment().getVersion());
  }

  @Override
  public EngineProfile profile() {
    return new EngineProfile(
        OnnxEngineProvider.NAME,
        provider.isCpu() ? "cpu, " + threads + " threads" : provider.name(),
        Arrays.stream(Packing.values()).map(OnnxEngine::cost).toList(),
        OnnxShard.HIDDEN_TYPES,
        MOST_SLICES,
        RUNTIME_BYTES);
  }

  @Override
  public boolean sharesWeights() {
    return true;
  }

  private static EngineProfile.Cost cost(Packing packing) {
    return new EngineProfile.Cost(
        packing.precision(), packing.bytesPerWeight(), Float.BYTES, DType.F32, Map.of());
  }

  @Override
  public LoadedShard load(LoadRequest request, Consumer<Progress> progress, Cancellation cancel)
      throws EngineException {
    Packing packing =
        Packing.of(request.precision())
            .orElseThrow(
                () ->
                    new EngineException.Unsupported(
                        "engine onnx has the precisions %s, not %s"
                            .formatted(
                                Arrays.stream(Packing.values())
                                    .map(each -> each.precision().name())
                                    .collect(Collectors.joining(", ")),
                                request.precision())));
    try (ModelFiles files = ModelFiles.open(request.path())) {
      // Opened first: without weights there is nothing to take a fingerprint of.
      Checkpoint checkpoint = files.checkpoint();
      String fingerprint = files.ref(request.shard().model().id()).fingerprint();
      return load(
          request.shard(), files.decoder(), fingerprint, checkpoint, packing, progress, cancel);
    }
  }

  /** Loads the layers of a decoder from wherever its weights are. */
  OnnxShard load(
      Shard shard,
      Decoder decoder,
      String fingerprint,
      Checkpoint checkpoint,
      Packing packing,
      Consumer<Progress> progress,
      Cancellation cancel)
      throws EngineException {
    int layers = decoder.shape().layers();
    if (shard.layers() != layers) {
      throw new EngineException.BadModel(
          "the shard is of a model of %d layers, its config says %d"
              .formatted(shard.layers(), layers));
    }
    ShardGraph graph =
        ShardGraph.of(decoder, shard, packing, SessionFactory.PLACEHOLDER, mostSeparateExperts);
    List<WeightTensors.Key> keys =
        graph.operands().keySet().stream()
            .map(operand -> new WeightTensors.Key(fingerprint, operand))
            .toList();
    budget.check(
        "layers %d to %d of %s".formatted(shard.first(), shard.last(), shard.model().id()),
        weights.missingBytes(keys));
    ShardWeights borrowed =
        ShardWeights.load(
            weights,
            key -> loader.load(key, checkpoint, cancel),
            fingerprint,
            graph,
            progress,
            cancel);
    try {
      OrtSession session = sessions.start(graph.model(), borrowed.tensors(), packing.isQuantised());
      OnnxShard loaded =
          new OnnxShard(
              this,
              shard,
              decoder.shape(),
              graph,
              borrowed,
              new ShardSession(session, graph, shard));
      shards.add(loaded);
      return loaded;
    } catch (EngineException | RuntimeException | Error e) {
      borrowed.close();
      throw e;
    }
  }

  @Override
  public int chunkRows() {
    return chunkRows;
  }

  @Override
  public MemoryBudget budget() {
    return budget;
  }

  @Override
  public Timer timer() {
    return timer;
  }

  @Override
  public void closed(OnnxShard shard) {
    shards.remove(shard);
  }

  /** Weights that are held now. */
  int heldWeights() {
    return weights.size();
  }

  /** Closes what is still open. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      List.copyOf(shards).forEach(OnnxShard::close);
    }
  }
}
