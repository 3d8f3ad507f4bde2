package dev.brigade.model.rope;

import dev.brigade.model.decoder.RopeSpec.Rotation;

/**
 * Long wavelengths divided, short ones kept, a smooth passage between (Llama 3.1, {@code
 * apply_scaling} of the reference code).
 *
 * @param factor divides the frequencies of long waves
 * @param lowFactor waves longer than {@code context / lowFactor} are long
 * @param highFactor waves shorter than {@code context / highFactor} are short
 * @param context positions of the original training
 */
record Llama3Rope(double factor, double lowFactor, double highFactor, double context)
    implements RopeScaling {
  @Override
  public Rotation rotation(BaseFrequencies base) {
    return base.rotation(pair -> scaled(base.frequency(pair)), 1);
  }

  private float scaled(float frequency) {
    float wavelength = (float) (2 * Math.PI) / frequency;
    if (wavelength > (float) (context / lowFactor)) {
      return frequency / (float) factor;
    } else if (wavelength < (float) (context / highFactor)) {
      return frequency;
    }
    float smooth =
        ((float) context / wavelength - (float) lowFactor) / (float) (highFactor - lowFactor);
    return (1 - smooth) * frequency / (float) factor + smooth * frequency;
  }
}
