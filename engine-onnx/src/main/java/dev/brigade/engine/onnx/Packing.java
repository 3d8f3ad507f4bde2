package dev.brigade.engine.onnx;

import dev.brigade.engine.onnx.graph.ElementType;
import dev.brigade.spi.engine.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a matrix {@code [out, in]} is kept. Quantised ones are as {@code MatMulNBits} takes them:
 * each row in blocks of {@value #BLOCK} elements with a scale of their own, and, unless symmetric,
 * a zero point.
 */
enum Packing {
  F32(Precision.F32, 32, false),
  INT8(new Precision("int8"), 8, false),
  INT4(new Precision("int4"), 4, true),
  INT4_SYM(new Precision("int4_sym"), 4, false);

  /** Elements that share a scale. */
  static final int BLOCK = 32;

  private final Precision precision;
  private final int bits;
  private final boolean hasZeroPoints;

  Packing(Precision precision, int bits, boolean hasZeroPoints) {
    this.precision = precision;
    this.bits = bits;
    this.hasZeroPoints = hasZeroPoints;
  }

  static Optional<Packing> of(Precision precision) {
    return List.of(values()).stream().filter(p -> p.precision.equals(precision)).findFirst();
  }

  Precision precision() {
    return precision;
  }

  int bits() {
    return bits;
  }

  boolean isQuantised() {
    return this != F32;
  }

  boolean hasZeroPoints() {
    return hasZeroPoints;
  }

  /** Memory per element, scales and zero points included. */
  double bytesPerWeight() {
    if (!isQuantised()) {
      return Float.BYTES;
    }
    double zeroPoint = hasZeroPoints ? bits / 8.0 : 0;
    return bits / 8.0 + (Float.BYTES + zeroPoint) / BLOCK;
  }

  /** One of the tensors that a matrix is kept in. */
  record Part(ElementType type, List<Long> shape) {
    long bytes() {
      return shape.stream().reduce((long) type.bytes(), Math::multiplyExact);
    }
  }

  /**
   * The tensors of a weight of a shape: quants, scales and zero points if quantised; of a matrix as
   * {@code MatMulNBits} wants them, of a stack of matrices with whole blocks as {@code QMoE} does.
   */
  List<Part> parts(List<Long> shape) {
    if (!isQuantised()) {
      return List.of(new Part(ElementType.F32, shape));
    }
    int last = shape.size() - 1;
    long rows = shape.subList(0, last).stream().reduce(1L, Math::multiplyExact);
    long blocks = blocks(shape.get(last));
    if (last == 1) {
      Part quants = new Part(ElementType.U8, List.of(rows, blocks, (long) BLOCK * bits / 8));
      Part scales = new Part(ElementType.F32, List.of(rows * blocks));
      Part zeros = new Part(ElementType.U8, List.of(rows * zeroBytes(blocks)));
      return hasZeroPoints ? List.of(quants, scales, zeros) : List.of(quants, scales);
    }
    long columns = shape.get(last);
    Part quants = new Part(ElementType.U8, withLast(shape, columns * bits / 8));
    Part scales = new Part(ElementType.F32, withLast(shape, blocks));
    Part zeros = new Part(ElementType.U8, withLast(shape, zeroBytes(blocks)));
    return hasZeroPoints ? List.of(quants, scales, zeros) : List.of(quants, scales);
  }

  private static List<Long> withLast(List<Long> shape, long size) {
    List<Long> changed = new ArrayList<>(shape);
    changed.set(shape.size() - 1, size);
    return changed;
  }

  static long blocks(long columns) {
    return (columns + BLOCK - 1) / BLOCK;
  }

  /** Bytes of a row's zero points. */
  long zeroBytes(long blocks) {
    return (blocks * bits + 7) / 8;
  }
}
