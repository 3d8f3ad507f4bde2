package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import java.util.Optional;

/** A matrix of a step that is being recorded. */
final class Value {
  private final MlxArray array;
  private final MlxType type;
  private final int width;
  // The same in the other floating type: what several products want is cast once.
  private Optional<Value> cast = Optional.empty();

  /**
   * @param array {@code [rows, width]}; {@code [rows]} for the ids that enter
   * @param width columns; 0 for the ids that enter, which have none
   */
  Value(MlxArray array, MlxType type, int width) {
    this.array = array;
    this.type = type;
    this.width = width;
  }

  MlxArray array() {
    return array;
  }

  MlxType type() {
    return type;
  }

  int width() {
    return width;
  }

  Optional<Value> cast() {
    return cast;
  }

  void setCast(Value same) {
    cast = Optional.of(same);
  }
}
