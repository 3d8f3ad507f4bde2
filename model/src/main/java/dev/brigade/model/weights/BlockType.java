package dev.brigade.model.weights;

/**
 * How numbers are quantised in blocks along the rows of a matrix, by the names of ggml ({@code enum
 * ggml_type}, {@code block_*} in {@code ggml-common.h}).
 */
public enum BlockType {
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q2_K(10, 256, 84),
  Q3_K(11, 256, 110),
  Q4_K(12, 256, 144),
  Q5_K(13, 256, 176),
  Q6_K(14, 256, 210),
  IQ4_NL(20, 32, 18),
  IQ4_XS(23, 256, 136),
  MXFP4(39, 32, 17);

  private final int code;
  private final int elements;
  private final int bytes;

  BlockType(int code, int elements, int bytes) {
    this.code = code;
    this.elements = elements;
    this.bytes = bytes;
  }

  /** The value of {@code enum ggml_type}. */
  public int code() {
    return code;
  }

  /** Numbers in a block. */
  public int elements() {
    return elements;
  }

  /** Bytes of a block. */
  public int bytes() {
    return bytes;
  }
}
