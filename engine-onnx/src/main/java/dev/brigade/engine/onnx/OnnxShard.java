package dev.brigade.engine.onnx;

import ai.onnxruntime.OrtException;
import dev.brigade.model.decoder.DecoderShape;
import dev.brigade.model.engine.PassCheck;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.MemoryUse;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Slice;
import dev.brigade.spi.engine.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

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
  private final SortedMap<Integer, KvLayout> caches;
  private final KvMemory kv;
  private final PassCheck check;
  private final List<OnnxSequence> sequences = new ArrayList<>();
  private long kvBytes;
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
    caches = graph.caches();
    kv = new KvMemory(caches);
    check = new PassCheck(shard, shape, HIDDEN_TYPES, this::isOpen);
  }

  private boolean isOpen(Sequence sequence) {
    return sequence instanceof OnnxSequence own && own.isOpenOn(this);
  }

  /** Layout of each layer's cache. */
  SortedMap<Integer, KvLayout> caches() {
    return caches;
  }

  @Override
  public MemoryUse memory() {
    return closed ? new MemoryUse(0, 0, 0) : new MemoryUse(weights.bytes(), kvBytes, scratch());
  }

  private long scratch() {
    int widest = Math.max(shape.width() * 4, shard.hasHead() ? shape.vocabulary() / 64 : 0);
    return tables.bytes() + (long) LIVE_MATRICES * engine.chunkRows() * widest * Float.BYTES;
  }

  @Override
  public OnnxSequence open(SequenceSpec spec) throws InsufficientMemoryException {
    requireOpen();
    String what = "KV cache of " + spec.capacity() + " tokens for " + shard.model().id();
    long bytes = kv.bytes(spec.capacity());
    engine.budget().reserve(what, bytes);
    try {
      if (!kv.canHold(spec.capacity())) {
        throw new InsufficientMemoryException(
            what + ": one layer's keys, of which this engine takes at most 2 GiB,",
            bytes,
            Integer.MAX_VALUE);
      }
      tables.reach(spec.capacity() + 1);
      KvSlab slab = kv.slabFor(spec.capacity());
      int slot = slab.freeSlot().orElseThrow();
      OnnxSequence sequence =
          new OnnxSequence(this, spec, slab, slot, tables.choice(spec.promptLength()));
      slab.occupy(slot, sequence);
      kvBytes += bytes;
      sequences.add(sequence);
      return sequence;
    } catch (OrtException | OutOfMemoryError e) {
      engine.budget().release(bytes);
      throw new InsufficientMemoryException(what, bytes, engine.budget().available());
    } catch (InsufficientMemoryException e) {
      engine.budget().release(bytes);
      throw e;
    }
  }

  /** Frees a sequence's cache. */
  void forget(OnnxSequence sequence) {
    if (sequences.remove(sequence)) {
      long bytes = kv.bytes(sequence.capacity());
      kvBytes -= bytes;
      engine.budget().release(bytes);
      kv.giveBack(sequence);
    }
  }

  @Override
  public void run(Pass pass, Tensor out, Cancellation cancel) throws EngineException {
    requireOpen();
    check.require(pass, out);
    try (Termination end = Termination.watch(cancel, engine.timer())) {
      for (Call call : CallPlan.of(pass.slices(), engine.chunkRows())) {
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
    for (Slice slice : pass.slices()) {
      ((OnnxSequence) slice.sequence()).grow(slice.count());
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the shard is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      List.copyOf(sequences).forEach(OnnxSequence::close);
      closed = true;
      session.close();
      tables.close();
      kv.close();
      weights.close();
      engine.closed(this);
    }
  }
}
