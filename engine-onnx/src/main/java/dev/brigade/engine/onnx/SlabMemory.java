package dev.brigade.engine.onnx;

import ai.onnxruntime.OrtException;
import dev.brigade.model.engine.KvMemory;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.SequenceSpec;
import dev.brigade.spi.engine.Tensor;
import java.util.SortedMap;

/** Keys and values of a shard's sequences, each in its slot. */
final class SlabMemory implements KvMemory<KvSlot>, AutoCloseable {
  private final SortedMap<Integer, KvLayout> layouts;
  private final int firstLayer;
  private final KvSlabs slabs;
  private final RotaryTables tables;

  /**
   * @param layouts by number of the layer within the model
   * @param tables that reach as far as the longest sequence; the caller's
   */
  SlabMemory(SortedMap<Integer, KvLayout> layouts, int firstLayer, RotaryTables tables) {
    this.layouts = layouts;
    this.firstLayer = firstLayer;
    this.tables = tables;
    slabs = new KvSlabs(layouts);
  }

  @Override
  public long bytes(int capacity) {
    return slabs.bytes(capacity);
  }

  @Override
  public KvSlot allocate(SequenceSpec spec) throws EngineException {
    int capacity = spec.capacity();
    if (!slabs.canHold(capacity)) {
      throw new InsufficientMemoryException(
          "One layer's keys of " + capacity + " tokens, of which this engine takes at most 2 GiB,",
          bytes(capacity),
          Integer.MAX_VALUE);
    }
    try {
      tables.reach(capacity + 1);
    } catch (OrtException e) {
      throw new EngineException.DeviceFailure("making rotary tables", e);
    }
    return slabs.take(capacity, tables.choice(spec.promptLength()));
  }

  @Override
  public void free(KvSlot slot) {
    slabs.giveBack(slot);
  }

  @Override
  public void copy(KvSlot from, KvSlot to, int tokens) {
    layouts.forEach(
        (layer, layout) -> {
          from.keys(layer, layout).copyTo(to.keys(layer, layout), tokens);
          from.values(layer, layout).copyTo(to.values(layer, layout), tokens);
        });
  }

  @Override
  public void read(KvSlot slot, int layer, int from, Tensor keys, Tensor values) {
    int number = firstLayer + layer;
    KvLayout layout = layouts.get(number);
    slot.keys(number, layout).read(from, keys);
    slot.values(number, layout).read(from, values);
  }

  @Override
  public void write(KvSlot slot, int layer, int from, Tensor keys, Tensor values) {
    int number = firstLayer + layer;
    KvLayout layout = layouts.get(number);
    slot.keys(number, layout).write(from, keys);
    slot.values(number, layout).write(from, values);
  }

  @Override
  public void close() {
    slabs.close();
  }
}
