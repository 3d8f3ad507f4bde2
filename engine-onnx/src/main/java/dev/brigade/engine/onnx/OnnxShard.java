package dev.brigade.engine.onnx;

import dev.brigade.model.decoder.DecoderShape;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.engine.CachedSequence;
import dev.brigade.model.engine.OpenSequences;
import dev.brigade.model.engine.PassCheck;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.MemoryUse;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Slice;
import dev.brigade.spi.engine.Tensor;
import java.util.List;
import java.util.Set;

/** A loaded shard: its session, its weights, and the caches of its open sequences. */
final class OnnxShard implements LoadedShard {
  /** Matrices of a chunk's rows that are alive at one time, roughly. */
  private static final int LIVE_MATRICES = 4;

  /** Element types of hidden states. */
  static final Set<DType> HIDDEN_TYPES = Set.of(DType.F32);

  private final EngineContext engine;
  private final Shard shard;
  private final DecoderShape shape;
  private final ShardWeights weights;
  private final ShardSession session;
  private final RotaryTables tables;
  private final SlabMemory kv;
  private final OpenSequences<KvSlot> sequences;
  private final PassCheck check;
  private boolean closed;

  /** Takes over weights and session. */
  OnnxShard(
      EngineContext engine,
      Shard shard,
      DecoderShape shape,
      ShardGraph graph,
      ShardWeights weights,
      ShardSession session) {
    this.engine = engine;
    this.shard = shard;
    this.shape = shape;
    this.weights = weights;
    this.session = session;
    tables = new RotaryTables(graph.rotations());
    kv = new SlabMemory(graph.caches(), shard.first(), tables);
    List<KvShape> kvShapes = graph.caches().values().stream().map(KvLayout::kv).toList();
    sequences = new OpenSequences<>(shard, kvShapes, engine.budget(), kv);
    check = new PassCheck(shard, shape, HIDDEN_TYPES, sequences::isOpen);
  }

  @Override
  public MemoryUse memory() {
    return closed
        ? new MemoryUse(0, 0, 0)
        : new MemoryUse(weights.bytes(), sequences.bytes(), scratch());
  }

  private long scratch() {
    int widest = Math.max(shape.width() * 4, shard.hasHead() ? shape.vocabulary() / 64 : 0);
    return tables.bytes() + (long) LIVE_MATRICES * engine.chunkRows() * widest * Float.BYTES;
  }

  @Override
  public CachedSequence<KvSlot> open(SequenceSpec spec) throws InsufficientMemoryException {
    requireOpen();
    return sequences.open(spec);
  }

  /** The native calls for a pass. */
  List<Call> calls(List<Slice> slices, int chunkRows) {
    return CallPlan.of(sequences, slices, chunkRows);
  }

  @Override
  public void run(Pass pass, Tensor out, Cancellation cancel) throws EngineException {
    requireOpen();
    check.require(pass, out);
    boolean decodes = pass.slices().stream().allMatch(slice -> slice.count() == 1);
    try (Termination end =
        decodes ? Termination.unwatched() : Termination.watch(cancel, engine.timer())) {
      for (Call call : calls(pass.slices(), engine.chunkRows())) {
        if (cancel.isCancelled()) {
          throw new EngineException.Cancelled();
        }
        session.run(call, tables.tables(call.rotation()), pass.in(), out, end);
      }
    } catch (EngineException.DeviceFailure e) {
      if (cancel.isCancelled()) {
        throw new EngineException.Cancelled();
      }
      throw e;
    }
    sequences.grow(pass.slices());
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the shard is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      sequences.close();
      closed = true;
      session.close();
      tables.close();
      kv.close();
      weights.close();
      engine.closed(this);
    }
  }
}
