package dev.brigade.engine.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.brigade.model.ModelFiles;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.engine.HostResources;
import dev.brigade.model.engine.MemoryBudget;
import dev.brigade.model.engine.WeightShelf;
import dev.brigade.model.weights.Checkpoint;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** PyTorch on one device. */
final class DjlEngine implements InferenceEngine, EngineContext {
  /** About what PyTorch's libraries take once they have run something, on Linux. */
  private static final long RUNTIME_BYTES = 250L << 20;

  /** In which shards take and give hidden states. */
  static final Set<DType> HIDDEN_TYPES = Set.of(DType.F32, DType.BF16);

  private static final int CPU_CHUNK_ROWS = 256;
  private static final int GPU_CHUNK_ROWS = 2048;
  private static final int MOST_SLICES = 256;
  static final Map<Precision, DType> TYPES =
      Map.of(Precision.F32, DType.F32, Precision.BF16, DType.BF16, Precision.F16, DType.F16);

  private final System.Logger log;
  private final TorchDevice device;
  private final int threads;
  private final MemoryBudget budget;
  private final PtNDManager mainMemory;
  private final PtNDManager manager;
  private final TensorLoader loader;
  private final WeightShelf<WeightKey, PtNDArray> weights;
  private final Set<DjlShard> shards = ConcurrentHashMap.newKeySet();
  private boolean closed;

  DjlEngine(DjlEngineConfig config, System.Logger log) {
    this.log = log;
    device = TorchDevice.parse(config.device().orElse("auto"));
    threads = config.threads().orElseGet(HostResources::cores);
    OptionalLong limit = config.memoryBytes().map(OptionalLong::of).orElseGet(OptionalLong::empty);
    budget = new MemoryBudget(limit, device::freeMemory);
    mainMemory = Torch.newManager(TorchDevice.CPU.device());
    manager = Torch.newManager(device.device());
    loader = new TensorLoader(mainMemory, manager, device);
    weights = new WeightShelf<>(budget, WeightKey::bytes);
    log.log(
        System.Logger.Level.DEBUG,
        () ->
            "PyTorch "
                + Torch.engine().getVersion()
                + " on "
                + device.name()
                + ", "
                + threads
                + " threads");
  }

  @Override
  public Optional<String> library() {
    return Optional.of("PyTorch " + Torch.engine().getVersion());
  }

  @Override
  public EngineProfile profile() {
    return new EngineProfile(
        "djl",
        device.isCpu() ? "cpu, " + threads + " threads" : device.name(),
        List.of(cost(Precision.F32), cost(Precision.BF16), cost(Precision.F16)),
        HIDDEN_TYPES,
        MOST_SLICES,
        RUNTIME_BYTES);
  }

  @Override
  public boolean sharesWeights() {
    return true;
  }

  private static EngineProfile.Cost cost(Precision precision) {
    int bytes = TYPES.get(precision).bytes();
    return new EngineProfile.Cost(precision, bytes, bytes, DType.F32, Map.of());
  }

  @Override
  public LoadedShard load(LoadRequest request, Consumer<Progress> progress, Cancellation cancel)
      throws EngineException {
    DType type = TYPES.get(request.precision());
    if (type == null) {
      throw new EngineException.Unsupported(
          "engine djl has the precisions f32, bf16 and f16, not " + request.precision());
    }
    try (ModelFiles files = ModelFiles.open(request.path())) {
      return load(request.shard(), files.decoder(), files.checkpoint(), type, progress, cancel);
    }
  }

  /** Loads the layers of a decoder from wherever its weights are. */
  DjlShard load(
      Shard shard,
      Decoder decoder,
      Checkpoint checkpoint,
      DType precision,
      Consumer<Progress> progress,
      Cancellation cancel)
      throws EngineException {
    int layers = decoder.shape().layers();
    if (shard.layers() != layers) {
      throw new EngineException.BadModel(
          "the shard is of a model of " + shard.layers() + " layers, its config says " + layers);
    }
    Torch.prepareThread(threads);
    ShardScript script = ShardScript.of(decoder, shard, precision, device.name());
    String fingerprint = shard.model().fingerprint();
    budget.check(
        "layers " + shard.first() + " to " + shard.last() + " of " + shard.model().id(),
        weights.missingBytes(ShardTensors.keys(fingerprint, script.operands())));
    ShardTensors tensors =
        ShardTensors.load(
            weights, loader, manager, fingerprint, script.operands(), checkpoint, progress, cancel);
    ScriptModule module = bound(script, tensors);
    DjlShard loaded =
        new DjlShard(
            this,
            shard,
            decoder.shape(),
            IntStream.range(shard.first(), shard.last()).mapToObj(decoder::kv).toList(),
            precision,
            tensors,
            module);
    shards.add(loaded);
    return loaded;
  }

  /** The script with its tensors; frees both on failure. */
  private ScriptModule bound(ShardScript script, ShardTensors tensors)
      throws EngineException.DeviceFailure {
    ScriptModule module = null;
    try {
      module = ScriptModule.load(manager, script.archive());
      module.call("bind", (Object) tensors.inOrder());
      return module;
    } catch (EngineException.DeviceFailure | RuntimeException e) {
      if (module != null) {
        module.close();
      }
      tensors.close();
      throw e;
    }
  }

  @Override
  public TorchDevice device() {
    return device;
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public int chunkRows() {
    return device.isCpu() ? CPU_CHUNK_ROWS : GPU_CHUNK_ROWS;
  }

  @Override
  public MemoryBudget budget() {
    return budget;
  }

  @Override
  public PtNDManager mainMemory() {
    return mainMemory;
  }

  @Override
  public System.Logger log() {
    return log;
  }

  @Override
  public void closed(DjlShard shard) {
    shards.remove(shard);
  }

  /** Tensors that weights hold now. */
  int heldWeights() {
    return weights.size();
  }

  /** Native tensors that Java refers to now. */
  int liveTensors() {
    return manager.getManagedArrays().size() + mainMemory.getManagedArrays().size();
  }

  /** Closes what is still open, and frees everything that is this engine's. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      List.copyOf(shards).forEach(DjlShard::close);
      loader.close();
      manager.close();
      mainMemory.close();
    }
  }
}
