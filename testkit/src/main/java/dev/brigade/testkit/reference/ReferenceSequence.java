package dev.brigade.testkit.reference;

import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.KvSink;
import dev.brigade.spi.engine.KvSource;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import java.util.ArrayList;
import java.util.List;

/** One request's KV caches, one for each layer of its shard. */
final class ReferenceSequence implements Sequence {
  private final ReferenceShard shard;
  private final SequenceSpec spec;
  private final List<KvCache> layers;
  private final Runnable onClose;
  private int length;
  private boolean closed;

  ReferenceSequence(
      ReferenceShard shard, SequenceSpec spec, List<KvCache> layers, Runnable onClose) {
    this.shard = shard;
    this.spec = spec;
    this.layers = new ArrayList<>(layers);
    this.onClose = onClose;
  }

  boolean isOpenOn(ReferenceShard other) {
    return shard == other && !closed;
  }

  int promptLength() {
    return spec.promptLength();
  }

  /** The cache of a layer, by its number within the model. */
  KvCache cache(int layer) {
    return layers.get(layer - shard.firstLayer());
  }

  void advance(int tokens) {
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
  public int truncate(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException(
          "cannot truncate a sequence of " + length + " tokens to " + newLength);
    }
    length = newLength;
    return length;
  }

  @Override
  public Sequence fork(SequenceSpec forked) throws InsufficientMemoryException {
    if (forked.capacity() < length) {
      throw new IllegalArgumentException(
          "a fork of capacity " + forked.capacity() + " cannot hold " + length + " tokens");
    }
    ReferenceSequence copy = shard.open(forked);
    for (int i = 0; i < layers.size(); i++) {
      copy.layers.get(i).copyFrom(layers.get(i), length);
    }
    copy.length = length;
    return copy;
  }

  @Override
  public void exportKv(int from, int to, KvSink sink) {
    if (from < 0 || from > to || to > length) {
      throw new IllegalArgumentException(
          "cannot export tokens %d to %d of %d".formatted(from, to, length));
    }
    for (int i = 0; i < layers.size(); i++) {
      KvCache cache = layers.get(i);
      sink.layer(shard.firstLayer() + i, cache.exportKeys(from, to), cache.exportValues(from, to));
    }
  }

  @Override
  public void importKv(KvSource source) {
    int from = source.from();
    int to = source.to();
    if (from != length || to < from || to > capacity()) {
      throw new IllegalArgumentException(
          "cannot import tokens %d to %d into a sequence of %d tokens, capacity %d"
              .formatted(from, to, length, capacity()));
    }
    for (int i = 0; i < layers.size(); i++) {
      int layer = shard.firstLayer() + i;
      layers.get(i).importKeys(source.keys(layer), from, to);
      layers.get(i).importValues(source.values(layer), from, to);
    }
    length = to;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      layers.clear();
      onClose.run();
    }
  }
}
