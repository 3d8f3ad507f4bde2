package dev.brigade.model.weights;

import dev.brigade.spi.engine.DType;
import java.util.Arrays;
import java.util.Optional;

/** The element types of the safetensors format. Only three of them are read as weights. */
enum StoredType {
  F32(32),
  F16(16),
  BF16(16),
  F64(64),
  I64(64),
  I32(32),
  I16(16),
  I8(8),
  U64(64),
  U32(32),
  U16(16),
  U8(8),
  BOOL(8),
  F8_E4M3(8),
  F8_E5M2(8),
  F8_E8M0(8),
  C64(64),
  F6_E2M3(6),
  F6_E3M2(6),
  F4(4);

  private final int bits;

  StoredType(int bits) {
    this.bits = bits;
  }

  /** Size of one element in bits. */
  int bits() {
    return bits;
  }

  /** The type under which weights of this type are read; empty if they are not. */
  Optional<DType> weightType() {
    return switch (this) {
      case F32 -> Optional.of(DType.F32);
      case F16 -> Optional.of(DType.F16);
      case BF16 -> Optional.of(DType.BF16);
      default -> Optional.empty();
    };
  }

  static Optional<StoredType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }
}
