package dev.brigade.engine.mlx.binding;

import dev.brigade.spi.engine.DType;

/** Element types of arrays, with MLX's numbers for them ({@code mlx_dtype}). */
public enum MlxType {
  BOOL(0, 1),
  U8(1, 1),
  U32(3, 4),
  I32(7, 4),
  F16(9, 2),
  F32(10, 4),
  BF16(12, 2);

  private final int code;
  private final int bytes;

  MlxType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  int code() {
    return code;
  }

  /** Size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** The type under which a tensor of the SPI is known to MLX. */
  public static MlxType of(DType type) {
    return switch (type) {
      case F32 -> F32;
      case F16 -> F16;
      case BF16 -> BF16;
      case I32 -> I32;
    };
  }
}
