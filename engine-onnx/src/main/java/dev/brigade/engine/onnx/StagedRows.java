package dev.brigade.engine.onnx;

import dev.brigade.engine.onnx.graph.ElementType;
import dev.brigade.spi.engine.DType;
import dev.brigade.spi.engine.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Rows of a caller's tensor in the order of a call: the caller's own memory where they follow each
 * other there, else a copy.
 */
final class StagedRows implements AutoCloseable {
  private final Tensor of;
  private final int[] rows;
  private final int rowBytes;
  private final Optional<NativeBlock> copy;

  private StagedRows(Tensor of, int[] rows, int rowBytes, Optional<NativeBlock> copy) {
    this.of = of;
    this.rows = rows;
    this.rowBytes = rowBytes;
    this.copy = copy;
  }

  /**
   * @param rows of the tensor, {@link Call#NONE} for what is in no tensor
   */
  static StagedRows of(Tensor of, int[] rows) {
    int width = of.shape().size() == 1 ? 1 : of.size(1);
    int rowBytes = width * of.type().bytes();
    Optional<NativeBlock> copy =
        Call.isRun(rows)
            ? Optional.empty()
            : Optional.of(NativeBlock.allocate((long) rows.length * rowBytes));
    return new StagedRows(of, rows, rowBytes, copy);
  }

  /** The rows, one after the other. */
  ByteBuffer data() {
    if (copy.isPresent()) {
      return copy.get().view(0, (long) rows.length * rowBytes);
    }
    return rows.length == 0 ? of.bytes().limit(of.data().position()) : row(rows[0], rows.length);
  }

  private ByteBuffer row(int first, int count) {
    ByteBuffer all = of.bytes();
    return all.slice(all.position() + first * rowBytes, count * rowBytes)
        .order(ByteOrder.nativeOrder());
  }

  ElementType type() {
    return of.type() == DType.I32 ? ElementType.I32 : ElementType.F32;
  }

  List<Long> shape() {
    List<Long> shape = new ArrayList<>(of.shape());
    shape.set(0, (long) rows.length);
    return shape;
  }

  /** Fills the copy, if it is one; a row of no tensor becomes zeros. */
  void gather() {
    if (copy.isPresent()) {
      ByteBuffer target = data();
      for (int row : rows) {
        target.put(row == Call.NONE ? ByteBuffer.allocate(rowBytes) : row(row, 1));
      }
    }
  }

  /** Brings the copy, if it is one, to where its rows belong. */
  void scatter() {
    if (copy.isPresent()) {
      ByteBuffer source = data();
      for (int i = 0; i < rows.length; i++) {
        if (rows[i] != Call.NONE) {
          row(rows[i], 1).put(source.slice(i * rowBytes, rowBytes));
        }
      }
    }
  }

  @Override
  public void close() {
    copy.ifPresent(NativeBlock::close);
  }
}
