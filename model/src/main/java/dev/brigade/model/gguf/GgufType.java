package dev.brigade.model.gguf;

import dev.brigade.spi.engine.DType;
import java.util.Arrays;
import java.util.Optional;

/** Element types of tensors ({@code enum ggml_type}) that can be read as floats. */
enum GgufType {
  F32(0, 1, 4, Optional.empty()),
  F16(1, 1, 2, Optional.empty()),
  Q4_0(2, 32, 18, Optional.of(SmallBlocks::q4WithScale)),
  Q4_1(3, 32, 20, Optional.of(SmallBlocks::q4WithMinimum)),
  Q5_0(6, 32, 22, Optional.of(SmallBlocks::q5WithScale)),
  Q5_1(7, 32, 24, Optional.of(SmallBlocks::q5WithMinimum)),
  Q8_0(8, 32, 34, Optional.of(SmallBlocks::q8WithScale)),
  Q2_K(10, 256, 84, Optional.of(LargeBlocks::q2)),
  Q3_K(11, 256, 110, Optional.of(LargeBlocks::q3)),
  Q4_K(12, 256, 144, Optional.of(LargeBlocks::q4)),
  Q5_K(13, 256, 176, Optional.of(LargeBlocks::q5)),
  Q6_K(14, 256, 210, Optional.of(LargeBlocks::q6)),
  IQ4_NL(20, 32, 18, Optional.of(SmallBlocks::q4ByTable)),
  IQ4_XS(23, 256, 136, Optional.of(LargeBlocks::q4ByTable)),
  BF16(30, 1, 2, Optional.empty()),
  MXFP4(39, 32, 17, Optional.of(SmallBlocks::microscaled));

  private final int code;
  private final int blockElements;
  private final int blockBytes;
  private final Optional<BlockDecoder> decoder;

  GgufType(int code, int blockElements, int blockBytes, Optional<BlockDecoder> decoder) {
    this.code = code;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
    this.decoder = decoder;
  }

  static Optional<GgufType> of(int code) {
    return Arrays.stream(values()).filter(type -> type.code == code).findFirst();
  }

  /** Elements that are stored together. */
  int blockElements() {
    return blockElements;
  }

  /** Bytes of a block. */
  int blockBytes() {
    return blockBytes;
  }

  /** Turns blocks into floats; empty for types that are floats. */
  Optional<BlockDecoder> decoder() {
    return decoder;
  }

  /** The type as which it is read. */
  DType floats() {
    return switch (this) {
      case F16 -> DType.F16;
      case BF16 -> DType.BF16;
      default -> DType.F32;
    };
  }
}
