package dev.brigade.model.weights;

import dev.brigade.spi.engine.DType;
import java.util.List;
import java.util.Optional;

/**
 * A tensor of a file of any format, as floats.
 *
 * @param type element type of {@code bytes}: F32, F16 or BF16
 * @param shape sizes, outermost first
 * @param bytes row-major; made when they are asked for, where the file stores them otherwise
 * @param blocks what they are made from, if that is quantised blocks along the rows
 */
public record StoredElements(
    DType type, List<Long> shape, TensorBytes bytes, Optional<StoredBlocks> blocks) {
  public StoredElements {
    shape = List.copyOf(shape);
  }
}
