package dev.brigade.engine.ggml;

import dev.brigade.spi.engine.DType;

/**
 * Element types ({@code enum ggml_type}, whose numbers are part of the GGUF format and never
 * change).
 */
enum GgmlType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q8_0(8, 32, 34),
  I32(26, 1, 4),
  I64(27, 1, 8),
  BF16(30, 1, 2);

  private final int code;
  private final int blockElements;
  private final int blockBytes;

  GgmlType(int code, int blockElements, int blockBytes) {
    this.code = code;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  /** As ggml counts them. */
  int code() {
    return code;
  }

  /** Elements that are stored together; rows are multiples of it. */
  int blockElements() {
    return blockElements;
  }

  /** Bytes of this many elements. */
  long bytes(long elements) {
    return elements / blockElements * blockBytes;
  }

  /** Bytes per element. */
  double bytesPerElement() {
    return (double) blockBytes / blockElements;
  }

  boolean isQuantized() {
    return blockElements > 1;
  }

  static GgmlType of(DType type) {
    return switch (type) {
      case F32 -> F32;
      case F16 -> F16;
      case BF16 -> BF16;
      case I32 -> I32;
    };
  }
}
