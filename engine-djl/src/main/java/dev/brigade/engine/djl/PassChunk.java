package dev.brigade.engine.djl;

import dev.brigade.spi.engine.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * Some consecutive rows of a pass that run in one native call.
 *
 * @param from first row
 * @param to one past the last row
 * @param outputsFrom first row of the pass's output rows that this chunk gives
 * @param outputs how many it gives
 * @param plan five numbers per slice, as the script reads them: sequence, start, count, outputs,
 *     length of the prompt
 */
record PassChunk(int from, int to, int outputsFrom, int outputs, long[] plan) {

  /** Cuts a pass into chunks of at most {@code most} rows; long slices are cut as well. */
  static List<PassChunk> of(List<Slice> slices, int most) {
    List<PassChunk> chunks = new ArrayList<>();
    Cutter cutter = new Cutter(chunks);
    for (Slice slice : slices) {
      DjlSequence sequence = (DjlSequence) slice.sequence();
      for (int done = 0; done < slice.count(); ) {
        if (cutter.rows == most) {
          cutter.cut();
        }
        int count = Math.min(slice.count() - done, most - cutter.rows);
        int end = done + count;
        int outputs = Math.max(0, Math.min(count, end - (slice.count() - slice.outputs())));
        cutter.add(sequence, sequence.length() + done, count, outputs);
        done = end;
      }
    }
    cutter.cut();
    return chunks;
  }

  private static final class Cutter {
    private final List<PassChunk> chunks;
    private final List<Long> plan = new ArrayList<>();
    private int from;
    private int rows;
    private int outputsFrom;
    private int outputs;

    private Cutter(List<PassChunk> chunks) {
      this.chunks = chunks;
    }

    private void add(DjlSequence sequence, int start, int count, int wanted) {
      plan.addAll(
          List.of(
              sequence.id(),
              (long) start,
              (long) count,
              (long) wanted,
              (long) sequence.promptLength()));
      rows += count;
      outputs += wanted;
    }

    private void cut() {
      long[] numbers = plan.stream().mapToLong(Long::longValue).toArray();
      chunks.add(new PassChunk(from, from + rows, outputsFrom, outputs, numbers));
      plan.clear();
      from += rows;
      outputsFrom += outputs;
      rows = 0;
      outputs = 0;
    }
  }
}
