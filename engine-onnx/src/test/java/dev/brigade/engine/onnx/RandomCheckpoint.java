package dev.brigade.engine.onnx;

import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.Tensor;
import java.nio.FloatBuffer;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Has every weight that is asked for: small random numbers, the same ones each time. Knows names
 * and slices.
 */
final class RandomCheckpoint implements Checkpoint {
  private static final double SIZE = 0.2;

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
    if (weight instanceof Weight.Slice slice) {
      return cut(read(slice.of(), as), slice);
    }
    long[] shape = weight.shape().stream().mapToLong(Long::longValue).toArray();
    Tensor tensor = Tensor.allocate(DType.F32, shape);
    SplittableRandom random = new SplittableRandom(weight.hashCode());
    FloatBuffer values = tensor.bytes().asFloatBuffer();
    while (values.hasRemaining()) {
      values.put((float) ((random.nextDouble() - 0.5) * SIZE));
    }
    return tensor;
  }

  private static Tensor cut(Tensor whole, Weight.Slice slice) {
    long[] shape = slice.shape().stream().mapToLong(Long::longValue).toArray();
    Tensor part = Tensor.allocate(DType.F32, shape);
    int entries = whole.size(slice.dimension());
    int inner = 1;
    for (int i = slice.dimension() + 1; i < shape.length; i++) {
      inner *= (int) shape[i];
    }
    FloatBuffer source = whole.bytes().asFloatBuffer();
    FloatBuffer target = part.bytes().asFloatBuffer();
    for (int outer = 0; target.hasRemaining(); outer++) {
      for (long i = slice.from(); i < slice.to(); i += slice.step()) {
        target.put(source.slice((int) (outer * entries + i) * inner, inner));
      }
    }
    return part;
  }

  @Override
  public void close() {}
}
