package dev.brigade.model.engine;

import dev.brigade.spi.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Bytes that engines make out of weights, made once and kept on disk. A file is named by a hash
 * over all that its bytes depend on; it appears whole or not at all, also when several processes
 * make it at a time or the machine stops, and one that is not as long as it should be is made anew.
 * It is mapped into memory, so that processes share it and the system can take its pages back. Safe
 * for several threads.
 */
public final class WeightFiles {
  /** Left free on the disk, since a mapped file that the disk cannot hold ends the process. */
  private static final long SPARE_BYTES = 256L << 20;

  private final Path folder;

  /**
   * @param folder made when it is first needed
   */
  public WeightFiles(Path folder) {
    this.folder = folder;
  }

  /** Writes a file's bytes. */
  @FunctionalInterface
  public interface Maker {
    /**
     * @param target little-endian, of the whole length
     */
    void make(ByteBuffer target) throws EngineException;
  }

  /**
   * The bytes, mapped read-only; made first if they are not there.
   *
   * @param what all that they depend on
   * @param bytes how many, less than 2 GiB
   * @throws IOException if the disk has not enough room, or cannot be written to
   */
  public ByteBuffer get(String what, long bytes, Maker maker) throws IOException, EngineException {
    Path file = folder.resolve(name(what));
    if (!Files.exists(file) || Files.size(file) != bytes) {
      write(file, bytes, maker);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  private static String name(String what) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(what.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 20) + ".weight";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void write(Path file, long bytes, Maker maker) throws IOException, EngineException {
    Files.createDirectories(folder);
    long room = Files.getFileStore(folder).getUsableSpace();
    if (room < bytes + SPARE_BYTES) {
      throw new IOException(
          "%s has room for %d bytes, want %d and %d to spare"
              .formatted(folder, room, bytes, SPARE_BYTES));
    }
    Path unfinished = Files.createTempFile(folder, "unfinished", ".weight");
    try {
      try (FileChannel channel =
          FileChannel.open(unfinished, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        MappedByteBuffer target = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
        maker.make(target.order(ByteOrder.LITTLE_ENDIAN));
        // A name must never stand for bytes that a stopping machine has lost.
        target.force();
      }
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }
}
