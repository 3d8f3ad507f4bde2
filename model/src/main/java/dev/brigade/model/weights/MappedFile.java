package dev.brigade.model.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * A file mapped into memory, read-only, in windows of less than 2 GiB, the most that one buffer
 * spans. A window starts at every GiB and reaches over the next, so that whatever is shorter than a
 * GiB lies whole in one of them. Safe for use by several threads. Mapped memory is given back by
 * the garbage collector once no view of it is left.
 */
public final class MappedFile implements AutoCloseable {
  private static final long WINDOW_STEP = 1L << 30;

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private final Map<Long, ByteBuffer> windows = new HashMap<>();

  private MappedFile(Path path, FileChannel channel, long size) {
    this.path = path;
    this.channel = channel;
    this.size = size;
  }

  /** Maps a file; closed by the caller. */
  public static MappedFile open(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
    try {
      return new MappedFile(path, channel, channel.size());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  FileChannel channel() {
    return channel;
  }

  /** Bytes that there are. */
  public long size() {
    return size;
  }

  /** The bytes {@code [from, to)}, fewer than 2 GiB, little-endian and read-only. */
  public ByteBuffer slice(long from, long to) throws IOException {
    if (from < 0 || to < from || to > size || to - from > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "bytes %d to %d of %s with %d bytes".formatted(from, to, path, size));
    }
    long start = from / WINDOW_STEP * WINDOW_STEP;
    long end = Math.min(size, start + Integer.MAX_VALUE);
    ByteBuffer slice =
        to <= end
            ? window(start, end).slice((int) (from - start), (int) (to - from))
            : channel.map(FileChannel.MapMode.READ_ONLY, from, to - from);
    return slice.order(ByteOrder.LITTLE_ENDIAN);
  }

  private synchronized ByteBuffer window(long start, long end) throws IOException {
    if (!channel.isOpen()) {
      throw new IllegalStateException(path + " was closed");
    }
    ByteBuffer window = windows.get(start);
    if (window == null) {
      window = channel.map(FileChannel.MapMode.READ_ONLY, start, end - start);
      windows.put(start, window);
    }
    return window;
  }

  @Override
  public synchronized void close() throws IOException {
    windows.clear();
    channel.close();
  }
}
