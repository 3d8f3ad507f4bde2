package dev.brigade.model.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.LongConsumer;

/**
 * A blob that is still coming; survives the process. Owned by one thread, under the blob's lock.
 */
final class PartFile implements AutoCloseable {
  private final Path path;
  private final FileChannel channel;
  private final LongConsumer present;
  private long size;
  private long highest;

  private PartFile(Path path, FileChannel channel, LongConsumer present) throws IOException {
    this.path = path;
    this.channel = channel;
    this.present = present;
    size = channel.size();
    highest = size;
    present.accept(size);
  }

  static PartFile open(Path path, LongConsumer present) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return new PartFile(path, channel, present);
  }

  Path path() {
    return path;
  }

  /** Bytes that are there. */
  long size() {
    return size;
  }

  /** The most bytes that were ever there since it was opened: what comes again is no progress. */
  long highest() {
    return highest;
  }

  void append(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      size += channel.write(bytes, size);
    }
    highest = Math.max(highest, size);
    present.accept(size);
  }

  /** Throws away what is there. */
  void restart() throws IOException {
    channel.truncate(0);
    size = 0;
    present.accept(0);
  }

  /** Makes it survive a power cut. */
  void force() throws IOException {
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
