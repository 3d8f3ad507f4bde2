package dev.brigade.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.brigade.engine.onnx.graph.ElementType;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Keys and values of some sequences of one stride, side by side, so that several can be given to
 * attention as one batch: for every layer keys and then values, {@code [slots, heads, stride,
 * width]} each. What nobody has written yet takes no memory.
 */
final class KvSlab implements AutoCloseable {
  private static final long ALIGNMENT = 64;

  private final SortedMap<Integer, KvLayout> layouts;
  private final int stride;
  private final NativeBlock memory;
  private final Map<Integer, Long> offsets = new HashMap<>();
  private final Map<View, Map<String, OnnxTensor>> tensors = new HashMap<>();
  private final int slots;
  private final BitSet occupied = new BitSet();

  private record View(int first, int count) {}

  /**
   * Takes memory for all slots.
   *
   * @throws OutOfMemoryError if the system gives none
   */
  KvSlab(SortedMap<Integer, KvLayout> layouts, int slots, int stride) {
    this.layouts = layouts;
    this.stride = stride;
    this.slots = slots;
    long end = 0;
    for (Map.Entry<Integer, KvLayout> layer : layouts.entrySet()) {
      offsets.put(layer.getKey(), end);
      end += 2 * regionBytes(layer.getValue());
    }
    memory = NativeBlock.allocate(end);
  }

  /** Most slots of a stride whose tensors Java can look at; 0 if not even one. */
  static int mostSlots(SortedMap<Integer, KvLayout> layouts, long stride) {
    long widest = layouts.values().stream().mapToLong(KvLayout::bytesPerToken).max().orElse(1);
    return (int) Math.min(Integer.MAX_VALUE, (Integer.MAX_VALUE - ALIGNMENT) / (widest * stride));
  }

  private long slotBytes(KvLayout layout) {
    return layout.bytesPerToken() * stride;
  }

  private long regionBytes(KvLayout layout) {
    return (slots * slotBytes(layout) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Tokens from one head's keys to the next. */
  int stride() {
    return stride;
  }

  /** Whether there is a slot that nobody occupies. */
  boolean hasFreeSlot() {
    return occupied.cardinality() < slots;
  }

  /** Takes the first slot that nobody occupies. */
  int occupy() {
    int slot = occupied.nextClearBit(0);
    occupied.set(slot);
    return slot;
  }

  /** Takes a slot back, and the memory behind it; true if nobody has a slot any more. */
  boolean vacate(int slot) {
    occupied.clear(slot);
    if (!occupied.isEmpty()) {
      layouts.forEach(
          (layer, layout) -> {
            for (int which = 0; which < 2; which++) {
              memory.discard(begin(layer, which, slot), slotBytes(layout));
            }
          });
    }
    return occupied.isEmpty();
  }

  /** One slot's keys of a layer, {@code [heads, stride, width]}. */
  ByteBuffer keys(int layer, int slot) {
    return region(layer, 0, slot, 1);
  }

  /** One slot's values of a layer, {@code [heads, stride, width]}. */
  ByteBuffer values(int layer, int slot) {
    return region(layer, 1, slot, 1);
  }

  private ByteBuffer region(int layer, int which, int first, int count) {
    return memory.view(begin(layer, which, first), count * slotBytes(layouts.get(layer)));
  }

  private long begin(int layer, int which, int slot) {
    KvLayout layout = layouts.get(layer);
    return offsets.get(layer) + which * regionBytes(layout) + slot * slotBytes(layout);
  }

  /** The caches of neighbouring slots as the graph names them; closed with the slab. */
  Map<String, OnnxTensor> tensors(int first, int count) throws OrtException {
    View view = new View(first, count);
    Map<String, OnnxTensor> made = tensors.get(view);
    if (made == null) {
      made = new HashMap<>();
      tensors.put(view, made);
      for (Map.Entry<Integer, KvLayout> layer : layouts.entrySet()) {
        KvLayout layout = layer.getValue();
        List<Long> shape =
            List.of((long) count, (long) layout.kv().heads(), (long) stride, (long) layout.width());
        int number = layer.getKey();
        ByteBuffer keys = region(number, 0, first, count);
        ByteBuffer values = region(number, 1, first, count);
        made.put(GraphBody.keys(number), Ort.tensor(keys, ElementType.F32, shape));
        made.put(GraphBody.values(number), Ort.tensor(values, ElementType.F32, shape));
      }
    }
    return made;
  }

  @Override
  public void close() {
    tensors.values().forEach(map -> map.values().forEach(OnnxTensor::close));
    tensors.clear();
    memory.close();
  }
}
