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
    StoredForm.Plain plain = (StoredForm.Plain) form;
    return weight.elements() * plain.type().bytes();
  }

  @Override
  public String toString() {
    return weight + " as " + form;
  }
}
