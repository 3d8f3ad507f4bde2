package dev.brigade.model.engine;

import dev.brigade.model.decoder.KvShape;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.KvSink;
import dev.brigade.spi.engine.KvSource;
import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Tensor;
import java.util.List;

/**
 * A sequence whose tokens lie one after another in a cache, all of them until it is closed. Refuses
 * what does not fit before anything native sees it.
 *
 * @param <C> what stands for the cache
 */
public final class CachedSequence<C> implements Sequence {
  private final OpenSequences<C> siblings;
  private final SequenceSpec spec;
  private final C cache;
  private int length;

  /** Takes over the cache; its siblings give it back. */
  CachedSequence(OpenSequences<C> siblings, SequenceSpec spec, C cache) {
    this.siblings = siblings;
    this.spec = spec;
    this.cache = cache;
  }

  /** Where its keys and values are. */
  public C cache() {
    return cache;
  }

  /** Tokens of the prompt, by which some models choose their rotary frequencies. */
  public int promptLength() {
    return spec.promptLength();
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public int capacity() {
    return spec.capacity();
  }

  /** Counts tokens whose keys and values a pass has written. */
  void grow(int tokens) {
    length += tokens;
  }

  @Override
  public int truncate(int keep) {
    requireOpen();
    if (keep < 0 || keep > length) {
      throw new IllegalArgumentException(
          "truncate to " + keep + " tokens: the sequence has " + length);
    }
    length = keep;
    return length;
  }

  @Override
  public Sequence fork(SequenceSpec forked) throws InsufficientMemoryException {
    requireOpen();
    if (forked.capacity() < length) {
      throw new IllegalArgumentException(
          "fork with capacity " + forked.capacity() + ": the sequence has " + length + " tokens");
    }
    CachedSequence<C> copy = siblings.open(forked);
    try {
      siblings.memory().copy(cache, copy.cache, length);
    } catch (EngineException e) {
      copy.close();
      throw new IllegalStateException("copying a KV cache: " + e.getMessage(), e);
    }
    copy.length = length;
    return copy;
  }

  @Override
  public void exportKv(int from, int to, KvSink sink) throws EngineException {
    requireOpen();
    if (from < 0 || from > to || to > length) {
      throw new IllegalArgumentException(
          "export of tokens " + from + " to " + to + ": the sequence has " + length);
    }
    List<KvShape> layers = siblings.kvShapes();
    for (int layer = 0; layer < layers.size(); layer++) {
      KvShape kv = layers.get(layer);
      Tensor keys = Tensor.allocate(DType.F32, to - from, kv.heads(), kv.keyWidth());
      Tensor values = Tensor.allocate(DType.F32, to - from, kv.heads(), kv.valueWidth());
      siblings.memory().read(cache, layer, from, keys, values);
      sink.layer(siblings.firstLayer() + layer, keys, values);
    }
  }

  @Override
  public void importKv(KvSource source) throws EngineException {
    requireOpen();
    int from = source.from();
    int to = source.to();
    if (from != length || to < from || to > capacity()) {
      throw new IllegalArgumentException(
          "import of tokens %d to %d into a sequence of %d tokens with capacity %d"
              .formatted(from, to, length, capacity()));
    }
    List<KvShape> layers = siblings.kvShapes();
    for (int layer = 0; layer < layers.size(); layer++) {
      KvShape kv = layers.get(layer);
      int number = siblings.firstLayer() + layer;
      Tensor keys = source.keys(number);
      Tensor values = source.values(number);
      requireShape("keys", number, keys, to - from, kv.heads(), kv.keyWidth());
      requireShape("values", number, values, to - from, kv.heads(), kv.valueWidth());
      siblings.memory().write(cache, layer, from, keys, values);
    }
    length = to;
  }

  private static void requireShape(
      String what, int layer, Tensor tensor, long tokens, long heads, long width) {
    List<Long> shape = List.of(tokens, heads, width);
    if (tensor.type() != DType.F32 || !tensor.shape().equals(shape) || !tensor.data().isDirect()) {
      throw new IllegalArgumentException(
          "%s of layer %d to import are %s%s, want F32%s in direct memory"
              .formatted(what, layer, tensor.type(), tensor.shape(), shape));
    }
  }

  private void requireOpen() {
    if (!siblings.isOpen(this)) {
      throw new IllegalStateException("the sequence is closed");
    }
  }

  @Override
  public void close() {
    siblings.close(this);
  }
}
