package dev.brigade.model.rope;

import dev.brigade.model.decoder.RopeSpec.Rotation;

/**
 * YaRN (Peng et al. 2023, section 3): slow pairs are interpolated, fast ones kept, with a linear
 * ramp between, and the rotated columns are scaled.
 *
 * @param factor how much longer the context became
 * @param context positions of the original training
 * @param betaFast rotations over the original context from which on a pair is kept
 * @param betaSlow rotations over the original context up to which a pair is interpolated
 * @param truncate whether the ends of the ramp are rounded outwards to whole pairs
 * @param magnitude scales the rotated columns
 * @param mscaleAllDim DeepSeek's weight of the stretching in attention; 0 if it has none
 */
public record YarnRope(
    double factor,
    double context,
    double betaFast,
    double betaSlow,
    boolean truncate,
    double magnitude,
    double mscaleAllDim)
    implements RopeScaling {

  /**
   * The factor on the rotated columns where the config does not say it.
   *
   * @param mscale DeepSeek's two weights; they count only together, if both differ from 0
   * @param mscaleAllDim as above
   */
  static double magnitude(double factor, double mscale, double mscaleAllDim) {
    return mscale != 0 && mscaleAllDim != 0
        ? mscale(factor, mscale) / mscale(factor, mscaleAllDim)
        : mscale(factor, 1);
  }

  /** The factor on attention scores by which DeepSeek makes up for the longer context. */
  public double scoreFactor() {
    double mscale = mscale(factor, mscaleAllDim);
    return mscale * mscale;
  }

  /** {@code 0.1 weight ln(factor) + 1}, or 1 where nothing is stretched. */
  private static double mscale(double factor, double weight) {
    return factor <= 1 ? 1 : 0.1 * weight * Math.log(factor) + 1;
  }

  @Override
  public Rotation rotation(BaseFrequencies base) {
    double low = pairOf(betaFast, base);
    double high = pairOf(betaSlow, base);
    if (truncate) {
      low = Math.floor(low);
      high = Math.ceil(high);
    }
    float from = (float) Math.max(low, 0);
    double end = Math.min(high, base.columns() - 1);
    float length = (float) ((end == from ? end + 0.001 : end) - from);
    return base.rotation(
        pair -> {
          float interpolated = 1f / ((float) factor * base.stretch(pair));
          float ramp = Math.min(1f, Math.max(0f, (pair - from) / length));
          return interpolated * ramp + base.frequency(pair) * (1 - ramp);
        },
        magnitude);
  }

  /** The (fractional) pair that makes so many rotations over the original context. */
  private double pairOf(double rotations, BaseFrequencies base) {
    return base.columns()
        * Math.log(context / (rotations * 2 * Math.PI))
        / (2 * Math.log(base.theta()));
  }
}
