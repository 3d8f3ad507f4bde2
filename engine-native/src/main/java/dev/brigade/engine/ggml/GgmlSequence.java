package dev.brigade.engine.ggml;

import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.engine.SequenceCheck;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.KvSink;
import dev.brigade.spi.engine.KvSource;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Tensor;
import java.util.Arrays;
import java.util.List;

/** A sequence with its cache. */
final class GgmlSequence implements Sequence {
  private final GgmlShard shard;
  private final SequenceSpec spec;
  private final KvCache cache;
  private int length;
  private boolean closed;

  /** Takes over the cache. */
  GgmlSequence(GgmlShard shard, SequenceSpec spec, KvCache cache) {
    this.shard = shard;
    this.spec = spec;
    this.cache = cache;
  }

  KvCache cache() {
    return cache;
  }

  int promptLength() {
    return spec.promptLength();
  }

  boolean isOpenOn(GgmlShard other) {
    return shard == other && !closed;
  }

  /** Tokens whose keys and values a pass has written. */
  void grow(int tokens) {
    length += tokens;
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int capacity() {
    return spec.capacity();
  }

  @Override
  public int truncate(int length) {
    SequenceCheck.requireTruncate(this, length);
    this.length = length;
    return length;
  }

  @Override
  public Sequence fork(SequenceSpec spec) throws InsufficientMemoryException {
    requireOpen();
    SequenceCheck.requireFork(this, spec);
    GgmlSequence copy = shard.open(spec);
    copy.cache.copyFrom(cache, length);
    copy.length = length;
    return copy;
  }

  @Override
  public void exportKv(int from, int to, KvSink sink) {
    requireOpen();
    SequenceCheck.requireExport(this, from, to);
    List<KvShape> layers = shard.kvShapes();
    for (int i = 0; i < layers.size(); i++) {
      KvShape kv = layers.get(i);
      Tensor keys = Tensor.allocate(DType.F32, to - from, kv.heads(), kv.keyWidth());
      Tensor values = Tensor.allocate(DType.F32, to - from, kv.heads(), kv.valueWidth());
      cache.read(cache.keys(i), from, keys);
      cache.read(cache.values(i), from, values);
      sink.layer(shard.firstLayer() + i, keys, values);
    }
  }

  @Override
  public void importKv(KvSource source) {
    requireOpen();
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
      cache.write(cache.keys(i), from, keys);
      cache.write(cache.values(i), from, values);
    }
    length = to;
  }

  private static void requireShape(String what, int layer, Tensor tensor, long... sizes) {
    List<Long> shape = Arrays.stream(sizes).boxed().toList();
    if (tensor.type() != DType.F32 || !tensor.shape().equals(shape) || !tensor.data().isDirect()) {
      throw new IllegalArgumentException(
          "%s of layer %d are %s%s, want F32%s in direct memory"
              .formatted(what, layer, tensor.type(), tensor.shape(), shape));
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the sequence is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      shard.forget(this);
      cache.close();
    }
  }
}
