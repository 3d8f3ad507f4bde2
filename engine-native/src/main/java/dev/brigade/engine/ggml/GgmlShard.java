package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.engine.ggml.binding.GraphMemory;
import dev.brigade.model.bench.NativeTime;
import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.engine.CachedSequence;
import dev.brigade.model.engine.KvMemory;
import dev.brigade.model.engine.OpenSequences;
import dev.brigade.model.engine.PassCheck;
import dev.brigade.model.engine.PassChunk;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.MemoryUse;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A loaded shard: its weights, the caches of its open sequences, and the graph that ran last. */
final class GgmlShard implements LoadedShard, NativeTime {
  /** Rows that one graph computes at most; between graphs, a pass can be cancelled. */
  static final int CHUNK_ROWS = 512;

  private final GgmlEngine engine;
  private final Shard shard;
  private final Decoder decoder;
  private final List<KvShape> kvShapes;
  private final WeightPrecision precision;
  private final GgmlType kv;
  private final ShardWeights weights;
  private final PassCheck check;
  private final OpenSequences<KvCache> sequences;
  private final GraphMemory memory;
  private Optional<PassGraph> last = Optional.empty();
  private long scratchBytes;
  private long nativeNanos;
  private boolean closed;

  /** Takes over the weights. */
  GgmlShard(
      GgmlEngine engine,
      Shard shard,
      Decoder decoder,
      WeightPrecision precision,
      ShardWeights weights) {
    this.engine = engine;
    this.shard = shard;
    this.decoder = decoder;
    this.precision = precision;
    this.weights = weights;
    kvShapes = IntStream.range(shard.first(), shard.last()).mapToObj(decoder::kv).toList();
    kv = engine.kv(precision, kvShapes);
    sequences = new OpenSequences<>(shard, kvShapes, engine.budget(), new Caches());
    check = new PassCheck(shard, decoder.shape(), GgmlEngine.HIDDEN_TYPES, sequences::isOpen);
    memory = engine.graphMemory();
  }

  /** Caches of this shard; a graph that knows one goes with it. */
  private final class Caches implements KvMemory<KvCache> {
    @Override
    public long bytes(int capacity) {
      return KvCache.bytes(kv, kvShapes, capacity);
    }

    @Override
    public KvCache allocate(SequenceSpec spec) throws InsufficientMemoryException {
      return KvCache.allocate(engine.device(), kv, kvShapes, spec.capacity());
    }

    @Override
    public void free(KvCache cache) {
      if (last.isPresent() && last.get().shape().uses(cache)) {
        dropGraph();
      }
      cache.close();
    }

    @Override
    public void copy(KvCache from, KvCache to, int tokens) {
      to.copyFrom(from, tokens);
    }

    @Override
    public void read(KvCache cache, int layer, int from, Tensor keys, Tensor values) {
      cache.read(cache.keys(layer), from, keys);
      cache.read(cache.values(layer), from, values);
    }

    @Override
    public void write(KvCache cache, int layer, int from, Tensor keys, Tensor values) {
      cache.write(cache.keys(layer), from, keys);
      cache.write(cache.values(layer), from, values);
    }
  }

  @Override
  public MemoryUse memory() {
    return new MemoryUse(weights.bytes(), sequences.bytes(), scratchBytes);
  }

  @Override
  public CachedSequence<KvCache> open(SequenceSpec spec) throws InsufficientMemoryException {
    requireOpen();
    return sequences.open(spec);
  }

  @Override
  public void run(Pass pass, Tensor out, Cancellation cancel) throws EngineException {
    requireOpen();
    check.require(pass, out);
    long before = engine.backends().nanos();
    for (PassChunk chunk : PassChunk.of(pass.slices(), CHUNK_ROWS)) {
      if (cancel.isCancelled()) {
        throw new EngineException.Cancelled();
      }
      graph(chunk, pass.in(), out).run(engine.backends(), chunk, pass.in(), out, cancel);
    }
    nativeNanos += engine.backends().nanos() - before;
    sequences.grow(pass.slices());
  }

  @Override
  public long nativeNanos() {
    return nativeNanos;
  }

  /** The graph that ran last, if it fits, else a new one. */
  private PassGraph graph(PassChunk chunk, Tensor in, Tensor out)
      throws EngineException.DeviceFailure {
    boolean current = engine.runtime().isCurrent();
    PassShape shape = PassShape.of(sequences, chunk, in.type(), out.type(), !current);
    if (last.isPresent() && last.get().shape().equals(shape)) {
      return last.get();
    }
    dropGraph();
    PassGraph graph =
        PassGraph.of(decoder, shard, shape, weights, current, precision.isExact(), memory);
    last = Optional.of(graph);
    countScratch();
    return graph;
  }

  private void dropGraph() {
    last.ifPresent(PassGraph::close);
    last = Optional.empty();
  }

  private void countScratch() {
    long bytes = memory.bytes();
    engine.budget().note(bytes - scratchBytes);
    scratchBytes = bytes;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the shard is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      sequences.close();
      dropGraph();
      memory.close();
      engine.budget().release(scratchBytes);
      scratchBytes = 0;
      weights.close();
      engine.closed(this);
    }
  }
}
