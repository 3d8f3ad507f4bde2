package dev.brigade.engine.onnx;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Where a sequence's keys and values are.
 *
 * @param number of the slot in its slab
 * @param rotation which of the shard's rotations the sequence uses
 */
record KvSlot(KvSlab slab, int number, List<Boolean> rotation) {
  KvSlot {
    rotation = List.copyOf(rotation);
  }

  /** A layer's keys. */
  KvRows keys(int layer, KvLayout layout) {
    return rows(slab.keys(layer, number), layout, layout.kv().keyWidth());
  }

  /** A layer's values. */
  KvRows values(int layer, KvLayout layout) {
    return rows(slab.values(layer, number), layout, layout.kv().valueWidth());
  }

  private KvRows rows(ByteBuffer data, KvLayout layout, int used) {
    return new KvRows(data, layout.kv().heads(), slab.stride(), layout.width(), used);
  }
}
