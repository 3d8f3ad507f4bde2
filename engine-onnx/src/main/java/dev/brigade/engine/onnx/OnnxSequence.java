package dev.brigade.engine.onnx;

import dev.brigade.model.engine.SequenceCheck;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.KvSink;
import dev.brigade.spi.engine.KvSource;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import java.util.List;
import java.util.Map;

/** A sequence; its cache is a slot of a slab. */
final class OnnxSequence implements Sequence {
  private final OnnxShard shard;
  private final SequenceSpec spec;
  private final KvSlab slab;
  private final int slot;
  private final List<Boolean> rotation;
  private int length;
  private boolean closed;

  OnnxSequence(OnnxShard shard, SequenceSpec spec, KvSlab slab, int slot, List<Boolean> rotation) {
    this.shard = shard;
    this.spec = spec;
    this.slab = slab;
    this.slot = slot;
    this.rotation = rotation;
  }

  KvSlab slab() {
    return slab;
  }

  int slot() {
    return slot;
  }

  /** Which of the shard's rotations it uses. */
  List<Boolean> rotation() {
    return rotation;
  }

  boolean isOpenOn(OnnxShard other) {
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
  public int truncate(int newLength) {
    SequenceCheck.requireTruncate(this, newLength);
    length = newLength;
    return length;
  }

  @Override
  public Sequence fork(SequenceSpec forked) throws InsufficientMemoryException {
    SequenceCheck.requireFork(this, forked);
    OnnxSequence copy = shard.open(forked);
    for (Map.Entry<Integer, KvLayout> layer : shard.caches().entrySet()) {
      int number = layer.getKey();
      rows(layer.getValue(), true, number)
          .copyTo(copy.rows(layer.getValue(), true, number), length);
      rows(layer.getValue(), false, number)
          .copyTo(copy.rows(layer.getValue(), false, number), length);
    }
    copy.length = length;
    return copy;
  }

  private KvRows rows(KvLayout layout, boolean keys, int layer) {
    return new KvRows(
        keys ? slab.keys(layer, slot) : slab.values(layer, slot),
        layout.kv().heads(),
        slab.stride(),
        layout.width(),
        keys ? layout.kv().keyWidth() : layout.kv().valueWidth());
  }

  @Override
  public void exportKv(int from, int to, KvSink sink) {
    SequenceCheck.requireExport(this, from, to);
    for (Map.Entry<Integer, KvLayout> layer : shard.caches().entrySet()) {
      int number = layer.getKey();
      sink.layer(
          number,
          rows(layer.getValue(), true, number).read(from, to),
          rows(layer.getValue(), false, number).read(from, to));
    }
  }

  @Override
  public void importKv(KvSource source) {
    int from = source.from();
    int to = source.to();
    SequenceCheck.requireImport(this, source);
    for (Map.Entry<Integer, KvLayout> layer : shard.caches().entrySet()) {
      int number = layer.getKey();
      rows(layer.getValue(), true, number).write(from, to, source.keys(number));
      rows(layer.getValue(), false, number).write(from, to, source.values(number));
    }
    length = to;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      shard.forget(this);
    }
  }
}
