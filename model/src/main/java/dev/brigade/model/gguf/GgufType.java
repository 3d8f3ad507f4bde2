package dev.brigade.model.gguf;

import dev.brigade.model.weights.BlockType;
import dev.brigade.spi.engine.DType;
import java.util.Arrays;
import java.util.Optional;

/** Element types of tensors ({@code enum ggml_type}) that can be read as floats. */
enum GgufType {
  F32(0, 4),
  F16(1, 2),
  BF16(30, 2),
  Q4_0(BlockType.Q4_0, SmallBlocks::q4WithScale),
  Q4_1(BlockType.Q4_1, SmallBlocks::q4WithMinimum),
  Q5_0(BlockType.Q5_0, SmallBlocks::q5WithScale),
  Q5_1(BlockType.Q5_1, SmallBlocks::q5WithMinimum),
  Q8_0(BlockType.Q8_0, SmallBlocks::q8WithScale),
  Q2_K(BlockType.Q2_K, LargeBlocks::q2),
  Q3_K(BlockType.Q3_K, LargeBlocks::q3),
  Q4_K(BlockType.Q4_K, LargeBlocks::q4),
  Q5_K(BlockType.Q5_K, LargeBlocks::q5),
  Q6_K(BlockType.Q6_K, LargeBlocks::q6),
  IQ4_NL(BlockType.IQ4_NL, SmallBlocks::q4ByTable),
  IQ4_XS(BlockType.IQ4_XS, LargeBlocks::q4ByTable),
  MXFP4(BlockType.MXFP4, SmallBlocks::microscaled);

  private final int code;
  private final int blockElements;
  private final int blockBytes;
  private final Optional<Quantised> quantised;

  /**
   * A type whose elements are stored in blocks.
   *
   * @param decoder turns them into floats
   */
  record Quantised(BlockType type, BlockDecoder decoder) {}

  GgufType(int code, int bytes) {
    this.code = code;
    blockElements = 1;
    blockBytes = bytes;
    quantised = Optional.empty();
  }

  GgufType(BlockType blocks, BlockDecoder decoder) {
    code = blocks.code();
    blockElements = blocks.elements();
    blockBytes = blocks.bytes();
    quantised = Optional.of(new Quantised(blocks, decoder));
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

  /** How blocks are read; empty for types that are floats. */
  Optional<Quantised> quantised() {
    return quantised;
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
