package dev.brigade.testkit.reference;

import dev.brigade.model.decoder.RopeSpec;
import dev.brigade.model.decoder.RopeSpec.Rotation;

/** Rotary position embedding. */
final class Rotary {
  private Rotary() {}

  static Matrix rotate(Matrix x, RopeSpec spec, PassRows rows) {
    Matrix y = new Matrix(x.rows(), x.width(), x.values().clone());
    int pairs = spec.rotation().frequencies().size();
    boolean halves = spec.pairing() == RopeSpec.Pairing.HALVES;
    for (int row = 0; row < x.rows(); row++) {
      Rotation rotation = chosen(spec, rows.sequence(row).promptLength());
      for (int pair = 0; pair < pairs; pair++) {
        // In f32, as Transformers computes the angle.
        float angle = rotation.frequencies().get(pair) * rows.position(row);
        float cos = (float) Math.cos(angle) * rotation.magnitude();
        float sin = (float) Math.sin(angle) * rotation.magnitude();
        int first = spec.offset() + (halves ? pair : 2 * pair);
        int second = halves ? first + pairs : first + 1;
        for (int head = 0; head < x.width(); head += spec.headWidth()) {
          float a = x.at(row, head + first);
          float b = x.at(row, head + second);
          y.set(row, head + first, a * cos - b * sin);
          y.set(row, head + second, b * cos + a * sin);
        }
      }
    }
    return y;
  }

  private static Rotation chosen(RopeSpec spec, int promptLength) {
    return spec.beyond()
        .filter(beyond -> promptLength > beyond.promptLength())
        .map(RopeSpec.Beyond::rotation)
        .orElse(spec.rotation());
  }
}
