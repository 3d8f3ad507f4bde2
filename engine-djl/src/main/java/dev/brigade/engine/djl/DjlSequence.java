package dev.brigade.engine.djl;

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

/** A sequence; its cache lives in the shard's script under its number. */
final class DjlSequence implements Sequence {
  private final DjlShard shard;
  private final long id;
  private final SequenceSpec spec;
  private int length;
  private boolean closed;

  DjlSequence(DjlShard shard, long id, SequenceSpec spec) {
    this.shard = shard;
    this.id = id;
    this.spec = spec;
  }

  long id() {
    return id;
  }

  int promptLength() {
    return spec.promptLength();
  }

  boolean isOpenOn(DjlShard other) {
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
    DjlSequence copy = shard.open(spec);
    try {
      shard.script().call("copy", id, copy.id, length);
    } catch (EngineException.DeviceFailure e) {
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
      shard.transfer("read", id, 2 * i, from, keys);
      shard.transfer("read", id, 2 * i + 1, from, values);
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
      shard.transfer("write", id, 2 * i, from, keys);
      shard.transfer("write", id, 2 * i + 1, from, values);
    }
    length = to;
  }

  private static void requireShape(String what, int layer, Tensor tensor, long... sizes) {
    List<Long> shape = java.util.Arrays.stream(sizes).boxed().toList();
    if (tensor.type() != DType.F32 || !tensor.shape().equals(shape)) {
      throw new IllegalArgumentException(
          what
              + " of layer "
              + layer
              + " are "
              + tensor.type()
              + tensor.shape()
              + ", want F32"
              + shape);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      shard.forget(this);
    }
  }
}
