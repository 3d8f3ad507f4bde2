package dev.brigade.cluster.plan;

import dev.brigade.spi.partition.ModelShape;
import java.util.BitSet;

/** Layers of one model in one precision that a node holds, each once. Not safe for threads. */
public final class HeldLayers {
  private final BitSet layers = new BitSet();

  /** Adds layers {@code [first, last)}, of which some may be there. */
  public void add(int first, int last) {
    layers.set(first, last);
  }

  /** Weight elements of them all, with embedding and head where they belong. */
  public long weights(ModelShape model) {
    long sum = 0;
    int first = layers.nextSetBit(0);
    while (first >= 0) {
      int last = layers.nextClearBit(first);
      sum += model.weights(first, last);
      first = layers.nextSetBit(last);
    }
    return sum;
  }

  @Override
  public String toString() {
    return layers.toString();
  }
}
