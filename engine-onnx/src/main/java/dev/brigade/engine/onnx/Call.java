package dev.brigade.engine.onnx;

import dev.brigade.spi.engine.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * Some rows of a pass that run in one native call: as many of each of some neighbouring sequences.
 *
 * @param slab where the sequences' caches are
 * @param firstSlot slot of the first sequence
 * @param starts position of each sequence's first row
 * @param rowsEach rows of each sequence
 * @param rotation which rotations the sequences use
 * @param from first row within the pass
 * @param outputsFrom first row of the pass's logits that this call gives
 * @param outputs how many rows of logits it gives, those of the last rows
 */
record Call(
    KvSlab slab,
    int firstSlot,
    int[] starts,
    int rowsEach,
    List<Boolean> rotation,
    int from,
    int outputsFrom,
    int outputs) {

  int rows() {
    return starts.length * rowsEach;
  }

  /** Cuts a pass into calls of at most {@code most} rows. */
  static List<Call> of(List<Slice> slices, int most) {
    List<Call> calls = new ArrayList<>();
    int from = 0;
    int outputsFrom = 0;
    for (Slice slice : slices) {
      OnnxSequence sequence = (OnnxSequence) slice.sequence();
      int silent = slice.count() - slice.outputs();
      for (int done = 0; done < slice.count(); ) {
        int count = Math.min(slice.count() - done, most);
        int outputs = Math.max(0, Math.min(count, done + count - silent));
        calls.add(
            new Call(
                sequence.slab(),
                sequence.slot(),
                new int[] {sequence.length() + done},
                count,
                sequence.rotation(),
                from + done,
                outputsFrom,
                outputs));
        done += count;
        outputsFrom += outputs;
      }
      from += slice.count();
    }
    return calls;
  }
}
