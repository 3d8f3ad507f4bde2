package dev.brigade.testkit.reference;

/** Functions of single elements. */
final class Elements {
  private Elements() {}

  /** Of one element. */
  @FunctionalInterface
  interface Unary {
    float of(float value);
  }

  /** Of one element and where it is. */
  @FunctionalInterface
  interface Placed {
    float of(float value, int row, int column);
  }

  /** Of two elements. */
  @FunctionalInterface
  interface Binary {
    float of(float a, float b);
  }

  static Matrix map(Matrix x, Unary function) {
    Matrix y = new Matrix(x.rows(), x.width());
    for (int i = 0; i < x.values().length; i++) {
      y.values()[i] = function.of(x.values()[i]);
    }
    return y;
  }

  static Matrix map(Matrix x, Placed function) {
    Matrix y = new Matrix(x.rows(), x.width());
    for (int row = 0; row < x.rows(); row++) {
      for (int column = 0; column < x.width(); column++) {
        y.set(row, column, function.of(x.at(row, column), row, column));
      }
    }
    return y;
  }

  /** Equal shapes, or one column that counts for all. */
  static Matrix join(Matrix a, Matrix b, Binary function) {
    boolean oneColumn = b.width() == 1;
    return map(a, (value, row, column) -> function.of(value, b.at(row, oneColumn ? 0 : column)));
  }

  static float sigmoid(float x) {
    return (float) (1 / (1 + Math.exp(-x)));
  }

  static float silu(float x) {
    return (float) (x / (1 + Math.exp(-x)));
  }

  static float gelu(float x) {
    double inner = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
    return (float) (0.5 * x * (1 + Math.tanh(inner)));
  }
}
