package dev.brigade.testkit.reference;

import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.engine.CachedSequence;
import dev.brigade.model.engine.MemoryBudget;
import dev.brigade.model.engine.OpenSequences;
import dev.brigade.model.engine.PassCheck;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.LoadedShard;
import dev.brigade.spi.engine.MemoryUse;
import dev.brigade.spi.engine.Pass;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Shard;
import dev.brigade.spi.engine.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Some layers, their weights in the heap. */
final class ReferenceShard implements LoadedShard {
  private final Shard shard;
  private final Decoder decoder;
  private final long weightBytes;
  private final MemoryBudget memory;
  private final RoutingObserver observer;
  private final OpenSequences<LayerCaches> sequences;
  private final PassCheck check;
  private Map<Weight, float[]> weights;
  private boolean closed;

  ReferenceShard(
      Shard shard,
      Decoder decoder,
      Map<Weight, float[]> weights,
      long weightBytes,
      MemoryBudget memory,
      RoutingObserver observer) {
    this.shard = shard;
    this.decoder = decoder;
    this.weights = weights;
    this.weightBytes = weightBytes;
    this.memory = memory;
    this.observer = observer;
    List<KvShape> kvShapes =
        IntStream.range(shard.first(), shard.last()).mapToObj(decoder::kv).toList();
    HeapMemory caches = new HeapMemory(shard.first(), kvShapes);
    sequences = new OpenSequences<>(shard, kvShapes, memory, caches);
    check = new PassCheck(shard, decoder.shape(), Set.of(DType.F32), sequences::isOpen);
  }

  @Override
  public MemoryUse memory() {
    return new MemoryUse(closed ? 0 : weightBytes, sequences.bytes(), 0);
  }

  @Override
  public CachedSequence<LayerCaches> open(SequenceSpec spec) throws InsufficientMemoryException {
    requireOpen();
    return sequences.open(spec);
  }

  @Override
  public void run(Pass pass, Tensor out, Cancellation cancel) throws EngineException {
    requireOpen();
    check.require(pass, out);
    ReferenceOps ops = new ReferenceOps(weights, new PassRows(sequences, pass.slices()), observer);
    Matrix x = input(pass);
    if (shard.embeds()) {
      x = decoder.embed(ops, x);
    }
    for (int layer = shard.first(); layer < shard.last(); layer++) {
      if (cancel.isCancelled()) {
        throw new EngineException.Cancelled();
      }
      x = decoder.layer(ops, layer, x);
    }
    if (shard.hasHead()) {
      x = decoder.head(ops, ops.outputs(x));
    }
    out.bytes().asFloatBuffer().put(x.values());
    sequences.grow(pass.slices());
  }

  private Matrix input(Pass pass) {
    if (!shard.embeds()) {
      Matrix x = new Matrix(pass.rows(), decoder.shape().width());
      pass.in().bytes().asFloatBuffer().get(x.values());
      return x;
    }
    int[] ids = new int[pass.rows()];
    pass.in().bytes().asIntBuffer().get(ids);
    Matrix x = new Matrix(pass.rows(), 1);
    for (int row = 0; row < ids.length; row++) {
      x.set(row, 0, ids[row]);
    }
    return x;
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
      weights = Map.of();
      memory.release(weightBytes);
    }
  }
}
