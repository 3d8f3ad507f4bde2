package dev.brigade.engine.onnx;

import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;

/** Writes a weight's rows into the tensors that it is kept in, one after the other. */
final class WeightWriter {
  private static final int SCALES = 1;
  private static final int ZERO_POINTS = 2;

  private final Operand operand;
  private final List<ByteBuffer> targets;
  private final Quantiser quantiser;
  private final float[] row;

  /**
   * @param targets of the operand's parts, filled from their positions on
   */
  WeightWriter(Operand operand, List<ByteBuffer> targets) {
    this.operand = operand;
    this.targets = targets;
    row = new float[operand.rowElements()];
    quantiser = new Quantiser(operand.packing(), row.length);
  }

  /** Writes rows in f32. */
  void write(Tensor rows) {
    if (!operand.packing().isQuantised()) {
      targets.get(0).put(rows.bytes());
      return;
    }
    FloatBuffer source = rows.bytes().asFloatBuffer();
    while (source.hasRemaining()) {
      next(source);
    }
  }

  /** Writes rows in f32, one of the first, one of the second and so on. */
  void write(Tensor rows, Tensor others) {
    FloatBuffer source = rows.bytes().asFloatBuffer();
    FloatBuffer other = others.bytes().asFloatBuffer();
    while (source.hasRemaining()) {
      next(source);
      next(other);
    }
  }

  private void next(FloatBuffer source) {
    source.get(row);
    if (operand.packing().isQuantised()) {
      ByteBuffer zeroPoints =
          operand.packing().hasZeroPoints() ? targets.get(ZERO_POINTS) : ByteBuffer.allocate(0);
      FloatBuffer scales = targets.get(SCALES).asFloatBuffer();
      quantiser.row(row, targets.get(0), scales, zeroPoints);
      skip(targets.get(SCALES), scales.position());
    } else {
      targets.get(0).asFloatBuffer().put(row);
      skip(targets.get(0), row.length);
    }
  }

  private static void skip(ByteBuffer target, int floats) {
    target.position(target.position() + floats * Float.BYTES);
  }
}
