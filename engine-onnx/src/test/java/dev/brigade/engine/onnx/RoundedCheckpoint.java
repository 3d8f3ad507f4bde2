package dev.brigade.engine.onnx;

import dev.brigade.model.weights.Checkpoint;
import dev.brigade.model.weights.Weight;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.EngineException.BadModel;
import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Set;

/** A checkpoint whose matrices were quantised and made f32 again; all else is as it was. */
final class RoundedCheckpoint implements Checkpoint {
  private final Checkpoint exact;
  private final Packing packing;
  private final Set<Weight> matrices;

  RoundedCheckpoint(Checkpoint exact, Packing packing, Set<Weight> matrices) {
    this.exact = exact;
    this.packing = packing;
    this.matrices = Set.copyOf(matrices);
  }

  @Override
  public Set<String> names() {
    return exact.names();
  }

  @Override
  public DType storedType(Weight weight) throws BadModel {
    return exact.storedType(weight);
  }

  @Override
  public Tensor read(Weight weight, DType as) throws BadModel {
    Tensor tensor = exact.read(weight, as);
    if (!isMatrix(weight)) {
      return tensor;
    }
    long[] shape = weight.shape().stream().mapToLong(Long::longValue).toArray();
    int columns = Math.toIntExact(shape[shape.length - 1]);
    Tensor rounded = Tensor.allocate(as, shape);
    FloatBuffer source = tensor.bytes().asFloatBuffer();
    FloatBuffer target = rounded.bytes().asFloatBuffer();
    float[] row = new float[columns];
    while (source.hasRemaining()) {
      source.get(row);
      target.put(rounded(row, packing));
    }
    return rounded;
  }

  private boolean isMatrix(Weight weight) {
    return matrices.contains(weight)
        || (weight instanceof Weight.Slice slice && isMatrix(slice.of()));
  }

  /** What is left of a row, by the layout that MatMulNBits documents. */
  static float[] rounded(float[] row, Packing packing) {
    int blocks = Math.toIntExact(Packing.blocks(row.length));
    ByteBuffer quants = ByteBuffer.allocate(blocks * Packing.BLOCK * packing.bits() / 8);
    FloatBuffer scales = FloatBuffer.allocate(blocks);
    ByteBuffer zeros =
        ByteBuffer.allocate(Math.toIntExact(packing.zeroBytes(blocks)))
            .order(ByteOrder.LITTLE_ENDIAN);
    new Quantiser(packing, row.length).row(row, quants, scales, zeros);
    float[] result = new float[row.length];
    for (int i = 0; i < row.length; i++) {
      int block = i / Packing.BLOCK;
      int middle = 1 << (packing.bits() - 1);
      int zero = packing.hasZeroPoints() ? element(zeros, block, packing) : middle;
      result[i] = (element(quants, i, packing) - zero) * scales.get(block);
    }
    return result;
  }

  private static int element(ByteBuffer packed, int i, Packing packing) {
    return packing.bits() == 8 ? packed.get(i) & 0xff : packed.get(i / 2) >> (i % 2 * 4) & 0xf;
  }

  @Override
  public void close() {
    exact.close();
  }
}
