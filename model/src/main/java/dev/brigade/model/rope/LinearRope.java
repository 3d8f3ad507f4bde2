package dev.brigade.model.rope;

import dev.brigade.model.decoder.RopeSpec.Rotation;

/**
 * Positions divided by a constant (Chen et al. 2023, "Extending Context Window… via Positional
 * Interpolation").
 */
record LinearRope(double factor) implements RopeScaling {
  @Override
  public Rotation rotation(BaseFrequencies base) {
    return base.rotation(pair -> base.frequency(pair) / (float) factor, 1);
  }
}
