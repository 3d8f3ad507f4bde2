package dev.brigade.engine.ggml;

import dev.brigade.engine.ggml.binding.GgmlType;
import dev.brigade.spi.engine.EngineException.Unsupported;
import dev.brigade.spi.engine.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A precision by the type that it stores matrices in; what is added or multiplied element by
 * element stays f32, and so do routers.
 *
 * @param matrices f32, f16, bf16 or one of the quantised types
 */
record WeightPrecision(GgmlType matrices) {

  /** All that there are, the preferred ones first. */
  static final List<WeightPrecision> ALL =
      Arrays.stream(GgmlType.values())
          .filter(type -> type != GgmlType.I32 && type != GgmlType.I64)
          .map(WeightPrecision::new)
          .toList();

  static WeightPrecision of(Precision precision) throws Unsupported {
    return ALL.stream()
        .filter(one -> one.precision().equals(precision))
        .findFirst()
        .orElseThrow(
            () ->
                new Unsupported(
                    "engine ggml has the precisions %s, not %s"
                        .formatted(
                            ALL.stream().map(WeightPrecision::precision).toList(), precision)));
  }

  Precision precision() {
    return new Precision(matrices.name().toLowerCase(Locale.ROOT));
  }

  /** What keys and values are cached as. */
  GgmlType kv() {
    return isExact() ? GgmlType.F32 : GgmlType.F16;
  }

  /** Whether f32 is meant to be exact rather than fast. */
  boolean isExact() {
    return matrices == GgmlType.F32;
  }
}
