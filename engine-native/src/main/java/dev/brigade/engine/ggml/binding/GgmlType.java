package dev.brigade.engine.ggml.binding;

import dev.brigade.model.weights.BlockType;
import dev.brigade.spi.engine.DType;
import java.util.Arrays;

/**
 * Element types ({@code enum ggml_type}, whose numbers are part of the GGUF format and never
 * change).
 */
public enum GgmlType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  BF16(30, 1, 2),
  Q8_0(BlockType.Q8_0),
  Q6_K(BlockType.Q6_K),
  Q5_K(BlockType.Q5_K),
  Q5_1(BlockType.Q5_1),
  Q5_0(BlockType.Q5_0),
  Q4_K(BlockType.Q4_K),
  Q4_1(BlockType.Q4_1),
  Q4_0(BlockType.Q4_0),
  IQ4_NL(BlockType.IQ4_NL),
  IQ4_XS(BlockType.IQ4_XS),
  MXFP4(BlockType.MXFP4),
  Q3_K(BlockType.Q3_K),
  Q2_K(BlockType.Q2_K),
  I32(26, 1, 4),
  I64(27, 1, 8);

  private final int code;
  private final int blockElements;
  private final int blockBytes;

  GgmlType(int code, int blockElements, int blockBytes) {
    this.code = code;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  GgmlType(BlockType blocks) {
    this(blocks.code(), blocks.elements(), blocks.bytes());
  }

  /** As ggml counts them. */
  public int code() {
    return code;
  }

  /** Elements that are stored together; rows are multiples of it. */
  public int blockElements() {
    return blockElements;
  }

  /** Bytes of this many elements. */
  public long bytes(long elements) {
    return elements / blockElements * blockBytes;
  }

  /** Bytes per element. */
  public double bytesPerElement() {
    return (double) blockBytes / blockElements;
  }

  public boolean isQuantized() {
    return blockElements > 1;
  }

  /** Whether rows of this many elements are whole blocks. */
  public boolean divides(long row) {
    return row % blockElements == 0;
  }

  public static GgmlType of(DType type) {
    return switch (type) {
      case F32 -> F32;
      case F16 -> F16;
      case BF16 -> BF16;
      case I32 -> I32;
    };
  }

  public static GgmlType of(BlockType blocks) {
    return Arrays.stream(values())
        .filter(type -> type.code == blocks.code())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("ggml has no " + blocks));
  }
}
