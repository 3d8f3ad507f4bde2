package dev.brigade.testkit.reference;

import dev.brigade.model.decoder.Decoder;
import dev.brigade.model.decoder.KvShape;
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
import dev.brigade.spi.engine.Slice;
import dev.brigade.spi.engine.Tensor;
import java.util.Collections;
import java.util.IdentityHashMap;
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
  private Map<Weight, float[]> weights;
  private long kvBytes;
  private boolean closed;

  ReferenceShard(
      Shard shard,
      Decoder decoder,
      Map<Weight, float[]> weights,
      long weightBytes,
      MemoryBudget memory) {
    this.shard = shard;
    this.decoder = decoder;
    this.weights = weights;
    this.weightBytes = weightBytes;
    this.memory = memory;
  }

  int firstLayer() {
    return shard.first();
  }

  @Override
  public MemoryUse memory() {
    return new MemoryUse(closed ? 0 : weightBytes, kvBytes, 0);
  }

  @Override
  public ReferenceSequence open(SequenceSpec spec) throws InsufficientMemoryException {
    requireOpen();
    List<KvShape> shapes =
        IntStream.range(shard.first(), shard.last()).mapToObj(decoder::kv).toList();
    long perToken = shapes.stream().mapToLong(KvShape::elements).sum() * Float.BYTES;
    long bytes = perToken * spec.capacity();
    memory.take("KV cache of " + spec.capacity() + " tokens", bytes);
    kvBytes += bytes;
    List<KvCache> caches =
        shapes.stream().map(shape -> new KvCache(shape, spec.capacity())).toList();
    return new ReferenceSequence(
        this,
        spec,
        caches,
        () -> {
          kvBytes -= bytes;
          memory.giveBack(bytes);
        });
  }

  @Override
  public void run(Pass pass, Tensor out, Cancellation cancel) throws EngineException {
    requireOpen();
    pass.slices().forEach(this::requireFits);
    requireDistinct(pass.slices());
    requireShape("input", pass.in(), inputType(), inputShape(pass));
    requireShape("output", out, DType.F32, outputShape(pass));

    ReferenceOps ops = new ReferenceOps(weights, pass.slices());
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
    for (Slice slice : pass.slices()) {
      ((ReferenceSequence) slice.sequence()).advance(slice.count());
    }
  }

  private DType inputType() {
    return shard.embeds() ? DType.I32 : DType.F32;
  }

  private List<Long> inputShape(Pass pass) {
    long rows = pass.rows();
    return shard.embeds() ? List.of(rows) : List.of(rows, (long) decoder.shape().width());
  }

  private List<Long> outputShape(Pass pass) {
    return shard.hasHead()
        ? List.of((long) pass.outputs(), (long) decoder.shape().vocabulary())
        : List.of((long) pass.rows(), (long) decoder.shape().width());
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
      if (ids[row] < 0 || ids[row] >= decoder.shape().vocabulary()) {
        throw new IllegalArgumentException(
            "token id %d of row %d is not within a vocabulary of %d"
                .formatted(ids[row], row, decoder.shape().vocabulary()));
      }
      x.set(row, 0, ids[row]);
    }
    return x;
  }

  private void requireFits(Slice slice) {
    if (!(slice.sequence() instanceof ReferenceSequence sequence) || !sequence.isOpenOn(this)) {
      throw new IllegalArgumentException("a slice's sequence is closed or another shard's");
    }
    if (sequence.length() + slice.count() > sequence.capacity()) {
      throw new IllegalArgumentException(
          "%d tokens after %d go beyond the sequence's capacity of %d"
              .formatted(slice.count(), sequence.length(), sequence.capacity()));
    }
  }

  private static void requireDistinct(List<Slice> slices) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Slice slice : slices) {
      if (!seen.add(slice.sequence())) {
        throw new IllegalArgumentException("a sequence occurs twice in the pass");
      }
    }
  }

  private static void requireShape(String what, Tensor tensor, DType type, List<Long> shape) {
    if (tensor.type() != type || !tensor.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "%s is %s %s, expected %s %s"
              .formatted(what, tensor.type(), tensor.shape(), type, shape));
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
      closed = true;
      weights = Map.of();
      memory.giveBack(weightBytes);
    }
  }
}
