package dev.brigade.engine.mlx;

import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
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
    Tensor tensor = Tensor.allocate(as, shape);
    SplittableRandom random = new SplittableRandom(weight.hashCode());
    ByteBuffer bytes = tensor.bytes();
    while (bytes.hasRemaining()) {
      float value = (float) ((random.nextDouble() - 0.5) * SIZE);
      switch (as) {
        case F32 -> bytes.putFloat(value);
        case BF16 -> bytes.putShort((short) (Float.floatToIntBits(value) >>> 16));
        default -> throw new IllegalArgumentException("random weights in " + as);
      }
    }
    return tensor;
  }

  @Override
  public void close() {}
}
