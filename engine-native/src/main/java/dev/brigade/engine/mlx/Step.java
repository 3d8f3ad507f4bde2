package dev.brigade.engine.mlx;

import dev.brigade.engine.mlx.binding.MlxArray;
import dev.brigade.engine.mlx.binding.MlxType;
import dev.brigade.engine.mlx.binding.Recording;
import dev.brigade.model.engine.CachedSequence;
import dev.brigade.model.engine.OpenSequences;
import dev.brigade.model.engine.PassChunk;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One chunk of a pass while it is recorded: its sequences and what all layers share. */
final class Step {
  private final Recording g;
  private final PassChunk chunk;
  private final List<Rows> rows = new ArrayList<>();
  private final Map<Seen, MlxArray> masks = new HashMap<>();
  private final Map<Double, MlxArray> numbers = new HashMap<>();
  private final List<Written> written = new ArrayList<>();
  private Optional<MlxArray> positions = Optional.empty();

  /**
   * Rows of one sequence.
   *
   * @param first row within the chunk
   * @param start position of the first
   */
  record Rows(
      CachedSequence<List<KvCache>> sequence, int first, int start, int count, int outputs) {
    int end() {
      return start + count;
    }
  }

  private record Seen(int row, int window) {}

  private record Written(KvCache cache, MlxArray keys, MlxArray values) {}

  Step(Recording g, PassChunk chunk, OpenSequences<List<KvCache>> sequences) {
    this.g = g;
    this.chunk = chunk;
    int first = 0;
    for (PassChunk.Part part : chunk.parts()) {
      CachedSequence<List<KvCache>> sequence = sequences.get(part.sequence());
      rows.add(new Rows(sequence, first, part.start(), part.count(), part.outputs()));
      first += part.count();
    }
  }

  Recording recording() {
    return g;
  }

  List<Rows> rows() {
    return rows;
  }

  int size() {
    return chunk.rows();
  }

  /** I32 {@code [rows]}: every row's position in its sequence. */
  MlxArray positions() {
    if (positions.isEmpty()) {
      ByteBuffer all =
          ByteBuffer.allocateDirect(size() * Integer.BYTES).order(ByteOrder.nativeOrder());
      for (Rows part : rows) {
        for (int position = part.start(); position < part.end(); position++) {
          all.putInt(position);
        }
      }
      positions = Optional.of(g.copyOf(all.flip(), MlxType.I32, size()));
    }
    return positions.get();
  }

  /** An f32 number. */
  MlxArray number(double value) {
    return numbers.computeIfAbsent(value, g::number);
  }

  /** First position that a row of this part sees. */
  static int firstSeen(Rows part, int window) {
    return Math.max(0, part.start() + 1 - window);
  }

  /**
   * Which keys from {@link #firstSeen} on the rows of a part see: {@code [count, n]}.
   *
   * @param window how many positions a row sees, itself included
   */
  MlxArray seen(Rows part, int window) {
    return masks.computeIfAbsent(new Seen(part.first(), window), key -> mask(part, window));
  }

  private MlxArray mask(Rows part, int window) {
    int count = part.count();
    int first = firstSeen(part, window);
    MlxArray keys = g.reshape(g.range(first, part.end()), 1, part.end() - first);
    MlxArray own = g.reshape(g.range(part.start(), part.end()), count, 1);
    MlxArray causal = g.lessEqual(keys, own);
    if (window >= part.end()) {
      return causal;
    }
    MlxArray oldest =
        g.reshape(g.range(part.start() + 1 - window, part.end() + 1 - window), count, 1);
    return g.and(causal, g.lessEqual(oldest, keys));
  }

  /** Notes what a cache will be once the step is evaluated. */
  void write(KvCache cache, MlxArray keys, MlxArray values) {
    written.add(new Written(cache, keys, values));
  }

  /**
   * Ends recording: the caches become what was written.
   *
   * @return what is to be evaluated so that they are up to date
   */
  List<MlxArray> commit() {
    List<MlxArray> caches = new ArrayList<>(2 * written.size());
    for (Written each : written) {
      each.cache().replace(g.keep(each.keys()), g.keep(each.values()));
      caches.add(each.keys());
      caches.add(each.values());
    }
    return caches;
  }
}
