package dev.brigade.testkit.reference;

/**
 * Rows of numbers. Token ids and column numbers are kept as floats too, which hold whole numbers up
 * to 2^24 exactly.
 *
 * @param values row after row
 */
record Matrix(int rows, int width, float[] values) {

  /** Rows of zeros. */
  Matrix(int rows, int width) {
    this(rows, width, new float[rows * width]);
  }

  float at(int row, int column) {
    return values[row * width + column];
  }

  void set(int row, int column, float value) {
    values[row * width + column] = value;
  }

  /** The number of a row or column that an element holds. */
  int index(int row, int column) {
    return (int) at(row, column);
  }
}
