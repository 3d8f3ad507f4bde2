package dev.brigade.engine.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.brigade.spi.engine.EngineException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The tensors that a weight is kept in.
 *
 * @param tensors in the order of {@link Operand#parts}
 * @param memory that they look at; empty if it is a mapped file
 */
record WeightTensors(List<OnnxTensor> tensors, Optional<NativeBlock> memory)
    implements AutoCloseable {

  /** A weight of one model in one packing. */
  record Key(String fingerprint, Operand operand) {
    @Override
    public String toString() {
      return "of shape %s in %s".formatted(operand.shape(), operand.packing().precision());
    }
  }

  /** Tensors over mapped files. */
  static WeightTensors mapped(Operand operand, List<ByteBuffer> buffers) throws EngineException {
    return new WeightTensors(over(operand, buffers), Optional.empty());
  }

  /** An f32 tensor in memory, which it takes over. */
  static WeightTensors inMemory(Operand operand, NativeBlock memory) throws EngineException {
    List<ByteBuffer> view = List.of(memory.view(0, operand.bytes()));
    return new WeightTensors(over(operand, view), Optional.of(memory));
  }

  private static List<OnnxTensor> over(Operand operand, List<ByteBuffer> buffers)
      throws EngineException {
    List<OnnxTensor> tensors = new ArrayList<>();
    try {
      for (int i = 0; i < buffers.size(); i++) {
        Packing.Part part = operand.parts().get(i);
        tensors.add(Ort.tensor(buffers.get(i), part.type(), part.shape()));
      }
      return List.copyOf(tensors);
    } catch (OrtException e) {
      tensors.forEach(OnnxTensor::close);
      throw Ort.failure("wrapping a weight", e);
    }
  }

  @Override
  public void close() {
    tensors.forEach(OnnxTensor::close);
    memory.ifPresent(NativeBlock::close);
  }
}
