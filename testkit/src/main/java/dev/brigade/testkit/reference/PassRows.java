package dev.brigade.testkit.reference;

import dev.brigade.model.engine.CachedSequence;
import dev.brigade.model.engine.OpenSequences;
import dev.brigade.spi.engine.Slice;
import java.util.ArrayList;
import java.util.List;

/** Which row of a pass belongs to which sequence, at which position. */
final class PassRows {
  private final List<Slice> slices;
  private final List<CachedSequence<LayerCaches>> sequences = new ArrayList<>();
  private final int[] positions;

  PassRows(OpenSequences<LayerCaches> open, List<Slice> slices) {
    this.slices = slices;
    int count = slices.stream().mapToInt(Slice::count).sum();
    positions = new int[count];
    int row = 0;
    for (Slice slice : slices) {
      for (int i = 0; i < slice.count(); i++) {
        sequences.add(open.get(slice.sequence()));
        positions[row++] = slice.sequence().length() + i;
      }
    }
  }

  CachedSequence<LayerCaches> sequence(int row) {
    return sequences.get(row);
  }

  int position(int row) {
    return positions[row];
  }

  /** The last rows of each slice, as many as it wants logits of. */
  Matrix outputs(Matrix x) {
    int wanted = slices.stream().mapToInt(Slice::outputs).sum();
    Matrix y = new Matrix(wanted, x.width());
    int begin = 0;
    int filled = 0;
    for (Slice slice : slices) {
      int from = begin + slice.count() - slice.outputs();
      System.arraycopy(
          x.values(),
          from * x.width(),
          y.values(),
          filled * x.width(),
          slice.outputs() * x.width());
      begin += slice.count();
      filled += slice.outputs();
    }
    return y;
  }
}
