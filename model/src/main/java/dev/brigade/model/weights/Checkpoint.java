package dev.brigade.model.weights;

import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Tensor;
import java.util.Optional;
import java.util.Set;

/**
 * A model's weights on disk, whatever the format. Safe for use by several threads; tensors that it
 * has given out must not be used after {@link #close}.
 */
public interface Checkpoint extends AutoCloseable {

  /** Canonical names of all tensors, also of those in files that are not here. */
  Set<String> names();

  /**
   * The element type in which a weight is stored; the widest, where it is made of several.
   *
   * @throws EngineException.BadModel if a tensor is missing; the message names it
   */
  DType storedType(Weight weight) throws EngineException.BadModel;

  /**
   * Evaluates a weight.
   *
   * @param as wanted element type: F32, F16 or BF16; rounding is to nearest even. I32 for the words
   *     and codes of a {@link GroupedWeight}
   * @return a view of the mapped file where the weight is just bytes of it, else newly allocated
   *     direct memory; read-only either way
   * @throws EngineException.BadModel if a tensor is missing or has another shape than asked for;
   *     the message names the tensor, both shapes and the file
   */
  Tensor read(Weight weight, DType as) throws EngineException.BadModel;

  /**
   * A weight that is just bytes of a mapped file, as {@link #read} would give it; empty if reading
   * it takes memory.
   *
   * @throws EngineException.BadModel as {@link #read} does
   */
  default Optional<Tensor> mapped(Weight weight, DType as) throws EngineException.BadModel {
    return Optional.empty();
  }

  /**
   * How a weight is stored, if that is in quantised groups; {@link #read} gives the numbers that
   * are meant either way.
   *
   * @return empty if it is stored element by element, or is not made of whole rows of what is
   *     stored
   * @throws EngineException.BadModel if a tensor is missing, or its shapes do not fit each other
   */
  default Optional<GroupedWeight> grouped(Weight weight) throws EngineException.BadModel {
    return Optional.empty();
  }

  /**
   * A weight as the quantised blocks in which it is stored; {@link #read} gives the numbers that
   * are meant either way.
   *
   * @return empty if it is stored otherwise, or is not made of whole blocks of one type
   * @throws EngineException.BadModel if a tensor is missing or has another shape
   */
  default Optional<BlockWeight> blocks(Weight weight) throws EngineException.BadModel {
    return Optional.empty();
  }

  /** The types of blocks in which any of the tensors are stored; empty for a file of floats. */
  default Set<BlockType> blockTypes() {
    return Set.of();
  }

  @Override
  void close();
}
