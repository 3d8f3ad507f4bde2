package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.Backends;
import dev.brigade.engine.ggml.binding.GgmlDevice;
import dev.brigade.engine.ggml.binding.GgmlRuntime;
import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.engine.ggml.binding.GraphMemory;
import dev.brigade.engine.ggml.binding.TensorBlock;
import dev.brigade.model.ModelFiles;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.decoder.WeightUse;
import dev.brigade.model.decoder.WeightUses;
import dev.brigade.model.engine.HostResources;
import dev.brigade.model.engine.MemoryBudget;
import dev.brigade.model.engine.WeightShelf;
import dev.brigade.model.weights.BlockType;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Host;
import dev.brigade.spi.Progress;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.EngineProfile;
import dev.brigade.spi.engine.InferenceEngine;
import dev.brigade.spi.engine.LoadRequest;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.Shard;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** ggml on one device. */
final class GgmlEngine implements InferenceEngine {
  /** Element types in which shards take and give hidden states. */
  static final Set<DType> HIDDEN_TYPES = Set.of(DType.F32, DType.BF16);

  /** The library and its tables once they have run something, as measured on Linux. */
  private static final long RUNTIME_BYTES = 32L << 20;

  private static final int MOST_SLICES = 64;

  private final GgmlRuntime runtime;
  private final System.Logger log;
  private final GgmlDevice device;
  private final boolean scheduled;
  private final Backends backends;
  private final GgmlEngineConfig config;
  private final int threads;
  private final MemoryBudget budget;
  private final WeightShelf<WeightKey, TensorBlock> shelf;
  private final QuantizedFiles quantized;
  private final Set<GgmlShard> shards = ConcurrentHashMap.newKeySet();
  private boolean closed;

  GgmlEngine(GgmlRuntime runtime, GgmlEngineConfig config, Host host) {
    this(
        runtime,
        GgmlDevice.choose(runtime.devices(), config.device().orElse("auto")),
        config,
        host,
        false);
  }

  /**
   * @param scheduled whether graphs go through ggml's scheduler even if all run on the CPU
   */
  GgmlEngine(
      GgmlRuntime runtime,
      GgmlDevice device,
      GgmlEngineConfig config,
      Host host,
      boolean scheduled) {
    this.device = device;
    this.scheduled = scheduled || !device.isCpu();
    this.runtime = runtime;
    log = host.logger(GgmlEngine.class.getName());
    this.config = config;
    threads = config.threads().orElseGet(HostResources::cores);
    OptionalLong limit = config.memoryBytes().map(OptionalLong::of).orElseGet(OptionalLong::empty);
    budget = new MemoryBudget(limit, device::availableMemory);
    shelf = new WeightShelf<>(budget, WeightKey::bytes);
    quantized =
        new QuantizedFiles(host.cache().resolve("ggml").resolve("weights"), runtime.version(), log);
    backends = new Backends(runtime.cpu(), device, threads, host.timer());
    log.log(
        System.Logger.Level.DEBUG,
        () ->
            "ggml %s on %s, %d threads"
                .formatted(runtime.version(), device.description(), threads));
  }

  @Override
  public Optional<String> library() {
    return Optional.of("ggml " + runtime.version());
  }

  @Override
  public EngineProfile profile() {
    return new EngineProfile(
        "ggml",
        device.isCpu() ? "cpu, " + threads + " threads" : device.description(),
        WeightPrecision.ALL.stream().map(this::cost).toList(),
        HIDDEN_TYPES,
        MOST_SLICES,
        RUNTIME_BYTES);
  }

  @Override
  public boolean sharesWeights() {
    return true;
  }

  private EngineProfile.Cost cost(WeightPrecision precision) {
    return new EngineProfile.Cost(
        precision.precision(),
        runtime.held(precision.matrices()).bytesPerElement(),
        wantedKv(precision).bytesPerElement(),
        DType.F32,
        Map.of());
  }

  private GgmlType wantedKv(WeightPrecision precision) {
    return config.quantizesKv() ? GgmlType.Q8_0 : precision.kv();
  }

  /** What keys and values of such layers are cached as. */
  GgmlType kv(WeightPrecision precision, List<KvShape> shapes) {
    GgmlType wanted = wantedKv(precision);
    if (KvCache.fits(wanted, shapes)) {
      return wanted;
    }
    log.log(
        System.Logger.Level.INFO,
        "keys and values are cached as {0}: heads are no multiple of {1} elements, as {2} needs",
        precision.kv(),
        wanted.blockElements(),
        wanted);
    return precision.kv();
  }

  @Override
  public LoadedShard load(LoadRequest request, Consumer<Progress> progress, Cancellation cancel)
      throws EngineException {
    WeightPrecision precision = WeightPrecision.of(request.precision());
    try (ModelFiles files = ModelFiles.open(request.path())) {
      return load(
          request.shard(), files.decoder(), files.checkpoint(), precision, progress, cancel);
    }
  }

  private GgmlShard load(
      Shard shard,
      Decoder decoder,
      Checkpoint checkpoint,
      WeightPrecision precision,
      Consumer<Progress> progress,
      Cancellation cancel)
      throws EngineException {
    int layers = decoder.shape().layers();
    if (shard.layers() != layers) {
      throw new EngineException.BadModel(
          "the shard is of a model of " + shard.layers() + " layers, its config says " + layers);
    }
    Map<Weight, Set<WeightUse>> uses = WeightUses.ofShard(decoder, shard.first(), shard.last());
    String fingerprint = shard.model().fingerprint();
    Map<WeightForms.Use, WeightKey> forms =
        new WeightForms(runtime, device, checkpoint, fingerprint, precision).of(uses);
    tellConversions(shard, checkpoint);
    budget.check(
        "layers %d to %d of %s".formatted(shard.first(), shard.last(), shard.model().id()),
        shelf.missingBytes(forms.values()));
    WeightLoader loader = new WeightLoader(runtime.cpu(), device, checkpoint, quantized, cancel);
    ShardWeights weights = ShardWeights.load(device, shelf, forms, loader, progress, cancel);
    GgmlShard loaded = new GgmlShard(this, shard, decoder, precision, weights);
    shards.add(loaded);
    return loaded;
  }

  private void tellConversions(Shard shard, Checkpoint checkpoint) {
    for (BlockType stored : checkpoint.blockTypes()) {
      GgmlType held = runtime.held(GgmlType.of(stored));
      if (held != GgmlType.of(stored)) {
        log.log(
            System.Logger.Level.INFO,
            "ggml {0} does not know {1}: such weights of {2} are held as {3}",
            runtime.version(),
            stored,
            shard.model().id(),
            held);
      }
    }
  }

  GgmlRuntime runtime() {
    return runtime;
  }

  GgmlDevice device() {
    return device;
  }

  Backends backends() {
    return backends;
  }

  /** Memory for the graphs of one shard, which closes it. */
  GraphMemory graphMemory() {
    return backends.graphMemory(scheduled);
  }

  MemoryBudget budget() {
    return budget;
  }

  /** Told by a shard that it has freed everything. */
  void closed(GgmlShard shard) {
    shards.remove(shard);
  }

  /** Closes what is still open, and frees everything that is this engine's. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      List.copyOf(shards).forEach(GgmlShard::close);
      backends.close();
    }
  }
}
