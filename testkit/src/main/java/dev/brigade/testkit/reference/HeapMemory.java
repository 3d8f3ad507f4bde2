package dev.brigade.testkit.reference;

import dev.brigade.model.decoder.KvShape;
import dev.brigade.model.engine.KvMemory;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Tensor;
import java.util.List;

/**
 * Keys and values in arrays of f32.
 *
 * @param firstLayer of the shard
 * @param shapes of each of its layers
 */
record HeapMemory(int firstLayer, List<KvShape> shapes) implements KvMemory<LayerCaches> {
  HeapMemory {
    shapes = List.copyOf(shapes);
  }

  @Override
  public long bytes(int capacity) {
    return shapes.stream().mapToLong(KvShape::elements).sum() * Float.BYTES * capacity;
  }

  @Override
  public LayerCaches allocate(SequenceSpec spec) {
    return new LayerCaches(
        firstLayer, shapes.stream().map(shape -> new KvCache(shape, spec.capacity())).toList());
  }

  @Override
  public void free(LayerCaches cache) {
    // The garbage collector's.
  }

  @Override
  public void copy(LayerCaches from, LayerCaches to, int tokens) {
    for (int i = 0; i < shapes.size(); i++) {
      to.caches().get(i).copyFrom(from.caches().get(i), tokens);
    }
  }

  @Override
  public void read(LayerCaches cache, int layer, int from, Tensor keys, Tensor values) {
    cache.caches().get(layer).read(from, keys, values);
  }

  @Override
  public void write(LayerCaches cache, int layer, int from, Tensor keys, Tensor values) {
    cache.caches().get(layer).write(from, keys, values);
  }
}
