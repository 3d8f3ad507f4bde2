package dev.brigade.engine.onnx;

import dev.brigade.model.weights.Checkpoint;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * Finds a weight: f32 where it lies in the model's mapped file, what is small in memory, all else
 * in mapped files of the cache. Nothing is copied on the way to ONNX Runtime.
 */
final class WeightLoader {
  private static final long SMALL_BYTES = 64 << 10;

  private final WeightCache cache;

  WeightLoader(WeightCache cache) {
    this.cache = cache;
  }

  WeightTensors load(WeightTensors.Key key, Checkpoint checkpoint, Cancellation cancel)
      throws EngineException {
    Operand operand = key.operand();
    if (!operand.packing().isQuantised() && operand.woven().isEmpty()) {
      Optional<Tensor> mapped = checkpoint.mapped(operand.weight(), DType.F32);
      if (mapped.isPresent()) {
        return WeightTensors.mapped(operand, List.of(mapped.get().bytes()));
      }
      if (operand.bytes() <= SMALL_BYTES) {
        return inMemory(operand, checkpoint);
      }
    }
    return WeightTensors.mapped(
        operand, cache.tensors(key.fingerprint(), operand, checkpoint, cancel));
  }

  private static WeightTensors inMemory(Operand operand, Checkpoint checkpoint)
      throws EngineException {
    Tensor read = checkpoint.read(operand.weight(), DType.F32);
    NativeBlock memory = NativeBlock.allocate(operand.bytes());
    try {
      memory.view(0, operand.bytes()).put(read.bytes());
      return WeightTensors.inMemory(operand, memory);
    } catch (EngineException | RuntimeException e) {
      memory.close();
      throw e;
    }
  }
}
