package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.engine.SequenceCheck;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.KvSink;
import dev.brigade.spi.engine.KvSource;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Tensor;
import java.util.List;

/** A sequence with the caches of its shard's layers. */
final class MlxSequence implements Sequence {
  private final MlxShard shard;
  private final SequenceSpec spec;
  private final List<KvCache> caches;
  private int length;
  private boolean closed;

  /** Takes over the caches, one for each layer of the shard. */
  MlxSequence(MlxShard shard, SequenceSpec spec, List<KvCache> caches) {
    this.shard = shard;
    this.spec = spec;
    this.caches = List.copyOf(caches);
  }

  /** Of a layer, by its number within the shard. */
  KvCache cache(int index) {
    return caches.get(index);
  }

  List<KvCache> caches() {
    return caches;
  }

  /** Element type of the caches. */
  MlxType type() {
    return shard.type();
  }

  int promptLength() {
    return spec.promptLength();
  }

  boolean isOpenOn(MlxShard other) {
    return shard == other && !closed;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int capacity() {
    return spec.capacity();
  }

  /** Tokens whose keys and values a pass has written. */
  void grow(int tokens) {
    length += tokens;
  }

  @Override
  public int truncate(int length) {
    SequenceCheck.requireTruncate(this, length);
    this.length = length;
    return length;
  }

  @Override
  public Sequence fork(SequenceSpec spec) throws InsufficientMemoryException {
    SequenceCheck.requireFork(this, spec);
    MlxSequence copy = shard.open(spec);
    try {
      shard.transfers().copy(this, copy, length);
    } catch (EngineException e) {
      copy.close();
      throw new IllegalStateException("copying a KV cache: " + e.getMessage(), e);
    }
    copy.length = length;
    return copy;
  }

  @Override
  public void exportKv(int from, int to, KvSink sink) throws EngineException {
    SequenceCheck.requireExport(this, from, to);
    List<KvShape> layers = shard.kvShapes();
    for (int i = 0; i < layers.size(); i++) {
      KvShape kv = layers.get(i);
      Tensor keys = Tensor.allocate(DType.F32, to - from, kv.heads(), kv.keyWidth());
      Tensor values = Tensor.allocate(DType.F32, to - from, kv.heads(), kv.valueWidth());
      shard.transfers().read(caches.get(i), from, keys, values);
      sink.layer(shard.firstLayer() + i, keys, values);
    }
  }

  @Override
  public void importKv(KvSource source) throws EngineException {
    int from = source.from();
    int to = source.to();
    SequenceCheck.requireImport(this, source);
    List<KvShape> layers = shard.kvShapes();
    for (int i = 0; i < layers.size(); i++) {
      KvShape kv = layers.get(i);
      int layer = shard.firstLayer() + i;
      Tensor keys = source.keys(layer);
      Tensor values = source.values(layer);
      requireShape("keys", layer, keys, to - from, kv.heads(), kv.keyWidth());
      requireShape("values", layer, values, to - from, kv.heads(), kv.valueWidth());
      shard.transfers().write(caches.get(i), from, keys, values);
    }
    length = to;
  }

  private static void requireShape(String what, int layer, Tensor tensor, long... sizes) {
    List<Long> shape = java.util.Arrays.stream(sizes).boxed().toList();
    if (tensor.type() != DType.F32 || !tensor.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "%s of layer %d are %s%s, want F32%s"
              .formatted(what, layer, tensor.type(), tensor.shape(), shape));
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      caches.forEach(KvCache::close);
      shard.forget(this);
    }
  }
}
