package dev.brigade.engine.mlx;

import dev.brigade.model.weights.Weight;

/**
 * A weight of one model in one form.
 *
 * @param fingerprint of the model
 */
record WeightKey(String fingerprint, Weight weight, StoredForm form) {

  /** Memory that it takes. */
  long bytes() {
    return form.bytes(weight.elements());
  }

  @Override
  public String toString() {
    return weight + " as " + form;
  }
}
