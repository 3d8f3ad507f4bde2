package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.engine.ggml.binding.TensorBlock;
import dev.brigade.model.weights.Weight;

/**
 * A weight of one model as it is held.
 *
 * @param fingerprint of the model
 */
record WeightKey(String fingerprint, Weight weight, GgmlType type, Place place) {

  /** Where a weight is. */
  enum Place {
    /** In main memory, element after element. */
    HOST,
    /** In main memory, laid out for multiplying only, in a way of this processor's own. */
    PACKED,
    /** In the memory of a device that is not the CPU. */
    DEVICE
  }

  TensorBlock.Layout layout() {
    return new TensorBlock.Layout(type, weight.shape());
  }

  boolean isPacked() {
    return place == Place.PACKED;
  }

  /** Memory that it takes. */
  long bytes() {
    return layout().bytes();
  }

  @Override
  public String toString() {
    return weight + " in " + type;
  }
}
