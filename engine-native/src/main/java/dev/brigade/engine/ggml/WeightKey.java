package dev.brigade.engine.ggml;

import dev.brigade.model.weights.Weight;

/**
 * A weight of one model as it is held.
 *
 * @param fingerprint of the model
 * @param packed laid out for multiplying only, in a way of this processor's own
 */
record WeightKey(String fingerprint, Weight weight, GgmlType type, boolean packed) {

  TensorBlock.Layout layout() {
    return new TensorBlock.Layout(type, weight.shape());
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
