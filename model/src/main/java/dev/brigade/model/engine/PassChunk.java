package dev.brigade.model.engine;

import dev.brigade.spi.engine.Sequence;
import dev.brigade.spi.engine.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * Some consecutive rows of a pass that run in one native call.
 *
 * @param from first row
 * @param to one past the last row
 * @param outputsFrom first row of the pass's output rows that this chunk gives
 * @param parts of sequences, whose rows follow each other
 */
public record PassChunk(int from, int to, int outputsFrom, List<Part> parts) {
  public PassChunk {
    parts = List.copyOf(parts);
  }

  /**
   * Consecutive tokens of one sequence.
   *
   * @param start position of the first
   * @param count how many
   * @param outputs how many of the last ones need logits
   */
  public record Part(Sequence sequence, int start, int count, int outputs) {}

  /** Rows. */
  public int rows() {
    return to - from;
  }

  /** Rows of logits. */
  public int outputs() {
    return parts.stream().mapToInt(Part::outputs).sum();
  }

  /** Cuts a pass into chunks of at most {@code most} rows; long slices are cut as well. */
  public static List<PassChunk> of(List<Slice> slices, int most) {
    Cutter cutter = new Cutter();
    for (Slice slice : slices) {
      int start = slice.sequence().length();
      for (int done = 0; done < slice.count(); ) {
        if (cutter.rows == most) {
          cutter.cut();
        }
        int count = Math.min(slice.count() - done, most - cutter.rows);
        int end = done + count;
        int outputs = Math.max(0, Math.min(count, end - (slice.count() - slice.outputs())));
        cutter.add(new Part(slice.sequence(), start + done, count, outputs));
        done = end;
      }
    }
    cutter.cut();
    return cutter.chunks;
  }

  private static final class Cutter {
    private final List<PassChunk> chunks = new ArrayList<>();
    private final List<Part> parts = new ArrayList<>();
    private int from;
    private int rows;
    private int outputsFrom;

    private void add(Part part) {
      parts.add(part);
      rows += part.count();
    }

    private void cut() {
      PassChunk chunk = new PassChunk(from, from + rows, outputsFrom, parts);
      chunks.add(chunk);
      parts.clear();
      from += rows;
      outputsFrom += chunk.outputs();
      rows = 0;
    }
  }
}
