package dev.brigade.engine.djl;

import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.DType;
import java.util.List;

/** What a script finds in its list of tensors. */
sealed interface Operand {

  /** A weight of the model in one element type. */
  record Loaded(Weight weight, DType type) implements Operand {

    /** Memory that it takes. */
    long bytes() {
      return weight.elements() * type.bytes();
    }
  }

  /** An f32 vector that the recipe knows, such as rotary frequencies. */
  record Floats(List<Float> values) implements Operand {}

  /** An int64 vector of column numbers. */
  record Columns(List<Long> values) implements Operand {}
}
