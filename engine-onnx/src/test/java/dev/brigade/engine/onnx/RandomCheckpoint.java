package dev.brigade.engine.onnx;

import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.Tensor;
import java.nio.FloatBuffer;
import java.util.Set;
import java.util.SplittableRandom;

/** Has every weight that is asked for: small random numbers, the same ones each time. */
final class RandomCheckpoint implements Checkpoint {
  private static final double SIZE = 0.05;

  @Override
  public Set<String> names() {
    return Set.of();
  }

  @Override
  public DType storedType(Weight weight) {
    return DType.F32;
  }

  @Override
  public Tensor read(Weight weight, DType as) {
    long[] shape = weight.shape().stream().mapToLong(Long::longValue).toArray();
    Tensor tensor = Tensor.allocate(DType.F32, shape);
    SplittableRandom random = new SplittableRandom(weight.hashCode());
    FloatBuffer values = tensor.bytes().asFloatBuffer();
    while (values.hasRemaining()) {
      values.put((float) ((random.nextDouble() - 0.5) * SIZE));
    }
    return tensor;
  }

  @Override
  public void close() {}
}
