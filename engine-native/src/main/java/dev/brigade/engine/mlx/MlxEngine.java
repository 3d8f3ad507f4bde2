package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Mlx;
import dev.brigade.model.ModelFiles;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.engine.HostResources;
import dev.brigade.model.engine.MemoryBudget;
import dev.brigade.model.engine.WeightShelf;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.LoadRequest;
import dev.brigade.spi.engine.Precision;
import dev.brigade.spi.engine.Shard;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * MLX on one device. On a CPU it multiplies f32 in f32; a GPU of Apple's may round the factors of
 * an f32 product, as MLX does by default.
 */
final class MlxEngine implements InferenceEngine, EngineContext {
  static final Set<DType> HIDDEN_TYPES = Set.of(DType.F32, DType.BF16);

  /** MLX's libraries once they have run something, as measured on Linux. */
  private static final long RUNTIME_BYTES = 120L << 20;

  private static final int CPU_CHUNK_ROWS = 256;
  private static final int GPU_CHUNK_ROWS = 1024;
  private static final int MOST_SLICES = 256;
  private final Mlx mlx;
  private final Mlx.Device device;
  private final MemoryBudget budget;
  private final EngineProfile profile;
  private final WeightLoader loader;
  private final WeightShelf<WeightKey, HeldWeight> weights;
  private final Set<MlxShard> shards = ConcurrentHashMap.newKeySet();
  private boolean closed;

  MlxEngine(Mlx mlx, MlxEngineConfig config, System.Logger log) {
    this.mlx = mlx;
    device = device(mlx, config.device().orElse("auto"));
    budget = new MemoryBudget(limit(config), HostResources::availableMemory);
    loader = new WeightLoader(mlx, device);
    weights = new WeightShelf<>(budget, WeightKey::bytes);
    limitMemory(config);
    profile = describe();
    log.log(System.Logger.Level.DEBUG, () -> "MLX " + mlx.version() + " on " + profile.device());
  }

  private static Mlx.Device device(Mlx mlx, String wanted) {
    if (wanted.equals("gpu") && !mlx.hasGpu()) {
      throw new IllegalArgumentException(
          "device 'gpu': MLX has none here; want auto or cpu, or a build of MLX for the GPU");
    }
    return wanted.equals("cpu") || !mlx.hasGpu() ? Mlx.Device.CPU : Mlx.Device.GPU;
  }

  /** What the config says, and never more than a GPU should be asked for. */
  private OptionalLong limit(MlxEngineConfig config) {
    Optional<Long> device = recommended();
    Optional<Long> limit =
        config.memoryBytes().map(bytes -> Math.min(bytes, device.orElse(bytes))).or(() -> device);
    return limit.map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }

  private Optional<Long> recommended() {
    return device == Mlx.Device.GPU ? mlx.recommendedMemory(device) : Optional.empty();
  }

  private void limitMemory(MlxEngineConfig config) {
    OptionalLong recommended = recommended().map(OptionalLong::of).orElseGet(OptionalLong::empty);
    MemoryLimits limits = MemoryLimits.of(config, budget.available(), recommended);
    mlx.memory().limitCache(limits.cache());
    limits.wired().ifPresent(mlx.memory()::limitWired);
  }

  private EngineProfile describe() {
    return new EngineProfile(
        "mlx",
        describeDevice(),
        Arithmetic.PRECISIONS.stream().map(this::cost).toList(),
        HIDDEN_TYPES,
        MOST_SLICES,
        RUNTIME_BYTES,
        true);
  }

  private String describeDevice() {
    Optional<String> name = mlx.deviceName(device);
    return device == Mlx.Device.GPU
        ? name.orElse("gpu")
        : name.map(processor -> "cpu, " + processor).orElse("cpu");
  }

  @Override
  public Optional<String> library() {
    return Optional.of("MLX " + mlx.version() + ", " + mlx.file());
  }

  @Override
  public EngineProfile profile() {
    return profile;
  }

  @Override
  public boolean sharesWeights() {
    return true;
  }

  private EngineProfile.Cost cost(Precision precision) {
    Arithmetic arithmetic = Arithmetic.of(precision, device).orElseThrow();
    return new EngineProfile.Cost(
        precision, arithmetic.bytesPerWeight(), arithmetic.type().bytes(), DType.F32, Map.of());
  }

  @Override
  public MlxShard load(LoadRequest request, Consumer<Progress> progress, Cancellation cancel)
      throws EngineException {
    Arithmetic arithmetic =
        Arithmetic.of(request.precision(), device)
            .orElseThrow(
                () ->
                    new EngineException.Unsupported(
                        "engine mlx has the precisions %s, not %s"
                            .formatted(Arithmetic.PRECISIONS, request.precision())));
    try (ModelFiles files = ModelFiles.open(request.path())) {
      return load(
          request.shard(), files.decoder(), files.checkpoint(), arithmetic, progress, cancel);
    }
  }

  /** Loads the layers of a decoder from wherever its weights are. */
  MlxShard load(
      Shard shard,
      Decoder decoder,
      Checkpoint checkpoint,
      Arithmetic arithmetic,
      Consumer<Progress> progress,
      Cancellation cancel)
      throws EngineException {
    int layers = decoder.shape().layers();
    if (shard.layers() != layers) {
      throw new EngineException.BadModel(
          "the shard is of a model of " + shard.layers() + " layers, its config says " + layers);
    }
    ShardPlan plan = new ShardPlan(shard, decoder, arithmetic, device);
    Map<Weight, WeightKey> keys = plan.keys(checkpoint);
    budget.check(
        "layers %d to %d of %s".formatted(shard.first(), shard.last(), shard.model().id()),
        weights.missingBytes(keys.values()));
    ShardWeights held = ShardWeights.load(weights, keys, loader, checkpoint, progress, cancel);
    MlxShard loaded = new MlxShard(this, plan, held);
    shards.add(loaded);
    return loaded;
  }

  @Override
  public Mlx mlx() {
    return mlx;
  }

  @Override
  public Mlx.Device device() {
    return device;
  }

  @Override
  public int chunkRows() {
    return device == Mlx.Device.CPU ? CPU_CHUNK_ROWS : GPU_CHUNK_ROWS;
  }

  @Override
  public MemoryBudget budget() {
    return budget;
  }

  /** Gives memory that MLX keeps for arrays to come back to the system, too. */
  @Override
  public void closed(MlxShard shard) {
    shards.remove(shard);
    mlx.memory().clearCache();
  }

  /** Weights that are held now. */
  int heldWeights() {
    return weights.size();
  }

  /** Closes what is still open, and frees everything that is this engine's. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      List.copyOf(shards).forEach(MlxShard::close);
    }
  }
}
