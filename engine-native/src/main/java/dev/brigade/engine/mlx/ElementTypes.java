package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.engine.mlx.binding.Recording;
import java.util.List;
import java.util.Optional;

/** Casts of a step's values. What several products want in another type is cast once. */
record ElementTypes(Recording g) {

  /** A value of an f32 array. */
  static Value f32(MlxArray array, int width) {
    return new Value(array, MlxType.F32, width);
  }

  /** The value in f32. */
  Value wide(Value x) {
    return as(x, MlxType.F32);
  }

  Value as(Value x, MlxType type) {
    if (x.type() == type) {
      return x;
    }
    Optional<Value> known = x.cast().filter(cast -> cast.type() == type);
    if (known.isPresent()) {
      return known.get();
    }
    Value cast = new Value(g.cast(x.array(), type), type, x.width());
    x.setCast(cast);
    return cast;
  }

  List<MlxArray> arrays(List<Value> values, MlxType type) {
    return values.stream().map(value -> as(value, type).array()).toList();
  }

  /** The type that values have, or f32 if they differ. */
  static MlxType common(List<Value> values) {
    MlxType first = values.get(0).type();
    return values.stream().allMatch(value -> value.type() == first) ? first : MlxType.F32;
  }
}
