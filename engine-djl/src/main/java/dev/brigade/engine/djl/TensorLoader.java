package dev.brigade.engine.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.InsufficientMemoryException;
import dev.brigade.spi.engine.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Copies weights from a checkpoint into tensors of PyTorch's own. Large ones go in slices, since a
 * buffer of Java ends at 2 GiB and a cancellation should not wait for one.
 */
final class TensorLoader implements AutoCloseable {
  private static final long SLICE_BYTES = 256L << 20;

  private final PtNDManager mainMemory;
  private final PtNDManager manager;
  private final TorchDevice device;
  private final ScriptModule script;

  /**
   * @param mainMemory owns what is in main memory
   * @param manager owns the tensors that are made
   */
  TensorLoader(PtNDManager mainMemory, PtNDManager manager, TorchDevice device) {
    this.mainMemory = mainMemory;
    this.manager = manager;
    this.device = device;
    script =
        ScriptModule.load(
            mainMemory, ModuleArchive.of(ScriptText.resource("loader.torchscript"), Map.of()));
  }

  /**
   * A tensor on the device, which the caller closes.
   *
   * @throws InsufficientMemoryException if the device has not enough after all
   */
  PtNDArray load(Checkpoint checkpoint, Operand.Loaded operand, Cancellation cancel)
      throws EngineException {
    try {
      return copy(checkpoint, operand, cancel);
    } catch (EngineException.DeviceFailure e) {
      if (TorchFailure.isOutOfMemory(e)) {
        throw new InsufficientMemoryException(
            "weight " + operand.weight(), operand.bytes(), device.freeMemory());
      }
      throw e;
    }
  }

  private PtNDArray copy(Checkpoint checkpoint, Operand.Loaded operand, Cancellation cancel)
      throws EngineException {
    Weight weight = operand.weight();
    if (operand.bytes() <= SLICE_BYTES) {
      Tensor read = checkpoint.read(weight, operand.type());
      try (PtNDArray bytes = Blob.bytes(mainMemory, read.bytes())) {
        return script.tensor(
            manager, "whole", bytes, sizes(weight.shape()), code(operand), device.name());
      }
    }
    PtNDArray target =
        script.tensor(manager, "empty", sizes(weight.shape()), code(operand), device.name());
    try {
      fill(target, checkpoint, operand, cancel);
      return target;
    } catch (EngineException | RuntimeException e) {
      target.close();
      throw e;
    }
  }

  private void fill(
      PtNDArray target, Checkpoint checkpoint, Operand.Loaded operand, Cancellation cancel)
      throws EngineException {
    long rows = operand.weight().shape().get(0);
    long step = Math.max(1, SLICE_BYTES / (operand.bytes() / rows));
    for (long from = 0; from < rows; from += step) {
      if (cancel.isCancelled()) {
        throw new EngineException.Cancelled();
      }
      Weight slice = operand.weight().rows(from, Math.min(rows, from + step));
      Tensor read = checkpoint.read(slice, operand.type());
      try (PtNDArray bytes = Blob.bytes(mainMemory, read.bytes())) {
        script.call("fill", target, from, bytes, sizes(slice.shape()));
      }
    }
  }

  private static long[] sizes(List<Long> shape) {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }

  private static int code(Operand.Loaded operand) {
    return TorchType.code(operand.type());
  }

  @Override
  public void close() {
    script.close();
  }
}
