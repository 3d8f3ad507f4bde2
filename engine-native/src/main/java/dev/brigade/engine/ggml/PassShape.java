package dev.brigade.engine.ggml;

import dev.brigade.model.engine.CachedSequence;
import dev.brigade.model.engine.OpenSequences;
import dev.brigade.model.engine.PassChunk;
import dev.brigade.spi.engine.DType;
import java.util.ArrayList;
import java.util.List;

/**
 * What a graph is made for. Chunks of equal shape can run by the same graph, at other positions.
 *
 * @param in element type of the input
 * @param out element type of the output
 */
record PassShape(List<Part> parts, DType in, DType out) {
  /** Lengths that attention sees are rounded up to multiples of this, so that graphs last. */
  private static final int KEYS_ROUNDING = 256;

  PassShape {
    parts = List.copyOf(parts);
  }

  /**
   * Tokens of one sequence.
   *
   * @param row where they begin in the chunk
   * @param writeAt row of the cache that the first goes to, if the graph is made for one; else -1
   * @param keys rows of the cache that attention looks at; those beyond the last token are masked
   */
  record Part(
      CachedSequence<KvCache> sequence, int row, int count, int outputs, int writeAt, int keys) {}

  /**
   * @param fixed whether the graph is made for one position only
   */
  static PassShape of(
      OpenSequences<KvCache> sequences, PassChunk chunk, DType in, DType out, boolean fixed) {
    List<Part> parts = new ArrayList<>();
    int row = 0;
    for (PassChunk.Part part : chunk.parts()) {
      CachedSequence<KvCache> sequence = sequences.get(part.sequence());
      int end = part.start() + part.count();
      int rounded = (end + KEYS_ROUNDING - 1) / KEYS_ROUNDING * KEYS_ROUNDING;
      parts.add(
          new Part(
              sequence,
              row,
              part.count(),
              part.outputs(),
              fixed ? part.start() : -1,
              Math.min(rounded, sequence.cache().rows())));
      row += part.count();
    }
    return new PassShape(parts, in, out);
  }

  int rows() {
    return parts.stream().mapToInt(Part::count).sum();
  }

  int outputs() {
    return parts.stream().mapToInt(Part::outputs).sum();
  }

  boolean uses(KvCache cache) {
    return parts.stream().anyMatch(part -> part.sequence().cache() == cache);
  }
}
