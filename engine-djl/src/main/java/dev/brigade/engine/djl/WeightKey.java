package dev.brigade.engine.djl;

/** A weight of one model in one element type. */
record WeightKey(String fingerprint, Operand.Loaded operand) {
  long bytes() {
    return operand.bytes();
  }

  @Override
  public String toString() {
    return operand.weight().toString();
  }
}
