package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.Mlx;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.spi.engine.Precision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a precision comes to on a device.
 *
 * @param type in which matrices are multiplied and keys and values are cached
 * @param bits of each number of a matrix that is quantised when it is loaded; empty for none
 */
record Arithmetic(MlxType type, OptionalInt bits) {
  /** Elements of a row that share a scale, where it is quantised here. */
  static final int GROUP = 64;

  private static final Precision INT4 = new Precision("int4");
  private static final Precision INT8 = new Precision("int8");

  /** In order of preference. */
  static final List<Precision> PRECISIONS =
      List.of(Precision.F32, Precision.BF16, Precision.F16, INT8, INT4);

  private static final Map<Precision, MlxType> TYPES =
      Map.of(Precision.F32, MlxType.F32, Precision.BF16, MlxType.BF16, Precision.F16, MlxType.F16);

  /** Empty if the precision is not known. */
  static Optional<Arithmetic> of(Precision precision, Mlx.Device device) {
    if (precision.equals(INT4) || precision.equals(INT8)) {
      // On a CPU, MLX multiplies f32 faster than anything narrower.
      MlxType type = device == Mlx.Device.CPU ? MlxType.F32 : MlxType.BF16;
      return Optional.of(new Arithmetic(type, OptionalInt.of(precision.equals(INT4) ? 4 : 8)));
    }
    return Optional.ofNullable(TYPES.get(precision))
        .map(type -> new Arithmetic(type, OptionalInt.empty()));
  }

  /** Memory of one element of a matrix, with its part of scale and bias. */
  double bytesPerWeight() {
    return bits.isEmpty()
        ? type.bytes()
        : (double) bits.getAsInt() / Byte.SIZE + 2.0 * type.bytes() / GROUP;
  }
}
