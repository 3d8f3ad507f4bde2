package dev.brigade.engine.djl;

import dev.brigade.spi.engine.DType;

/** PyTorch's numbers for element types ({@code c10/core/ScalarType.h}), as scripts spell them. */
final class TorchType {
  private TorchType() {}

  static int code(DType type) {
    return switch (type) {
      case F32 -> 6;
      case F16 -> 5;
      case BF16 -> 15;
      case I32 -> 3;
    };
  }
}
