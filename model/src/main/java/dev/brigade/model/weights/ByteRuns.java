package dev.brigade.model.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Bytes that lie in runs here and there and are read as if they followed each other. */
final class ByteRuns implements TensorBytes {
  /** By where they begin in what is read. */
  private final TreeMap<Long, Run> runs = new TreeMap<>();

  private long bytes;

  private record Run(TensorBytes source, long from, long to) {
    ByteBuffer slice(long first, long last) throws IOException {
      return source.slice(from + first, from + last);
    }
  }

  /** Adds a run at the end; one that goes on where the last one ended becomes part of it. */
  void add(TensorBytes source, long from, long to) {
    Map.Entry<Long, Run> last = runs.lastEntry();
    if (last != null && last.getValue().source() == source && last.getValue().to() == from) {
      runs.put(last.getKey(), new Run(source, last.getValue().from(), to));
    } else {
      runs.put(bytes, new Run(source, from, to));
    }
    bytes += to - from;
  }

  long bytes() {
    return bytes;
  }

  /** Whether all lie in one run. */
  boolean isOne() {
    return runs.size() == 1;
  }

  @Override
  public ByteBuffer slice(long from, long to) throws IOException {
    if (from < 0 || to < from || to > bytes || to - from > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("bytes %d to %d of %d".formatted(from, to, bytes));
    }
    List<ByteBuffer> parts = new ArrayList<>();
    long start = runs.isEmpty() ? 0 : runs.floorKey(from);
    for (Map.Entry<Long, Run> run : runs.subMap(start, Math.max(start + 1, to)).entrySet()) {
      long begin = run.getKey();
      long length = run.getValue().to() - run.getValue().from();
      parts.add(run.getValue().slice(Math.max(0, from - begin), Math.min(length, to - begin)));
    }
    return parts.size() == 1 ? parts.get(0) : joined(parts, (int) (to - from));
  }

  private static ByteBuffer joined(List<ByteBuffer> parts, int bytes) {
    ByteBuffer joined = ByteBuffer.allocateDirect(bytes);
    parts.forEach(joined::put);
    return joined.flip().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }
}
