package dev.brigade.launcher.bench;

import dev.brigade.spi.engine.Tensor;
import java.nio.FloatBuffer;

/** Whether two sides did the same work. */
final class Agreement {
  private Agreement() {}

  /** Cosine of the angle between two rows of logits: 1 if they are the same. */
  static double of(Tensor a, Tensor b) {
    FloatBuffer x = a.bytes().asFloatBuffer();
    FloatBuffer y = b.bytes().asFloatBuffer();
    double xx = 0;
    double yy = 0;
    double xy = 0;
    while (x.hasRemaining()) {
      double u = x.get();
      double v = y.get();
      xx += u * u;
      yy += v * v;
      xy += u * v;
    }
    return xx == 0 || yy == 0 ? 0 : xy / Math.sqrt(xx * yy);
  }
}
