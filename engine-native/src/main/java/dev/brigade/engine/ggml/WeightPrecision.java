package dev.brigade.engine.ggml;

import dev.brigade.model.decoder.WeightUse;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.EngineException.Unsupported;
import dev.brigade.spi.engine.Precision;
import java.util.Arrays;
import java.util.Locale;

/**
 * What a precision stores as what. What is added or multiplied element by element stays f32, and so
 * do routers; rows that a quantised type cannot divide into blocks become f16.
 */
enum WeightPrecision {
  F32(GgmlType.F32, GgmlType.F32),
  F16(GgmlType.F16, GgmlType.F16),
  BF16(GgmlType.BF16, GgmlType.F16),
  Q8_0(GgmlType.Q8_0, GgmlType.F16),
  Q4_0(GgmlType.Q4_0, GgmlType.F16);

  private final GgmlType matrices;
  private final GgmlType kv;

  WeightPrecision(GgmlType matrices, GgmlType kv) {
    this.matrices = matrices;
    this.kv = kv;
  }

  static WeightPrecision of(Precision precision) throws Unsupported {
    return Arrays.stream(values())
        .filter(value -> value.precision().equals(precision))
        .findFirst()
        .orElseThrow(
            () ->
                new Unsupported(
                    "engine ggml has the precisions f32, f16, bf16, q8_0 and q4_0, not "
                        + precision));
  }

  Precision precision() {
    return new Precision(name().toLowerCase(Locale.ROOT));
  }

  /** What matrices are stored as. */
  GgmlType matrices() {
    return matrices;
  }

  /** What keys and values are cached as. */
  GgmlType kv() {
    return kv;
  }

  /** Whether f32 is meant to be exact rather than fast. */
  boolean isExact() {
    return this == F32;
  }

  WeightKey key(String fingerprint, Weight weight, WeightUse use, boolean canPack) {
    GgmlType type =
        switch (use) {
          case VECTOR, ROUTER, SINKS, EXPERT_BIAS -> GgmlType.F32;
          case TABLE, MATRIX, EXPERTS -> matrixType(weight);
        };
    boolean multiplied = use == WeightUse.MATRIX || use == WeightUse.EXPERTS;
    return new WeightKey(fingerprint, weight, type, canPack && multiplied && type.isQuantized());
  }

  private GgmlType matrixType(Weight weight) {
    long row = weight.shape().get(weight.shape().size() - 1);
    return row % matrices.blockElements() == 0 ? matrices : GgmlType.F16;
  }
}
