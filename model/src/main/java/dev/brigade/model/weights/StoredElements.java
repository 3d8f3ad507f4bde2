package dev.brigade.model.weights;

import dev.brigade.spi.engine.DType;
import java.util.List;

/**
 * A tensor of a file of any format, as floats.
 *
 * @param type element type of {@code bytes}: F32, F16 or BF16
 * @param shape sizes, outermost first
 * @param bytes row-major; made when they are asked for, where the file stores them otherwise
 */
public record StoredElements(DType type, List<Long> shape, TensorBytes bytes) {
  public StoredElements {
    shape = List.copyOf(shape);
  }
}
