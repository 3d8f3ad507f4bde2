package dev.brigade.engine.onnx;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Some rows of a pass that run in one native call: as many of each of some neighbouring slots.
 *
 * @param slab where the caches are
 * @param firstSlot slot of the first sequence
 * @param starts position of each sequence's first row
 * @param rowsEach rows of each sequence
 * @param rotation which rotations the sequences use
 * @param inputRows row of the pass that each row is, {@link #NONE} for what only fills a gap
 * @param outputRows rows whose logits are wanted, among the rows of this call
 * @param outputTargets row of the pass's logits that each of them is
 */
record Call(
    KvSlab slab,
    int firstSlot,
    int[] starts,
    int rowsEach,
    List<Boolean> rotation,
    int[] inputRows,
    int[] outputRows,
    int[] outputTargets) {
  /** No row of the pass. */
  static final int NONE = -1;

  /** Rows that are computed. */
  int rows() {
    return inputRows.length;
  }

  /** Whether rows follow each other in the pass as they do here. */
  static boolean isRun(int[] rows) {
    return rows.length == 0
        || (rows[0] != NONE
            && IntStream.range(1, rows.length).allMatch(i -> rows[i] == rows[0] + i));
  }
}
