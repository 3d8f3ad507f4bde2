package dev.brigade.engine.ggml;

import dev.brigade.model.engine.WeightFiles;
import dev.brigade.spi.engine.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Weights that were quantised here, kept on disk, since that takes longer than reading them. Where
 * the disk has no room they are made anew each time, which is told once.
 */
final class QuantizedFiles {
  /** Counted up when the same name would stand for other bytes. */
  private static final int VERSION = 1;

  /** Smaller ones are made as fast as they are found. */
  private static final long SMALLEST = 64 << 10;

  private final Path folder;
  private final WeightFiles files;
  private final String library;
  private final System.Logger log;
  private boolean told;

  /**
   * @param library version of ggml, whose ways of quantising change
   */
  QuantizedFiles(Path folder, String library, System.Logger log) {
    this.folder = folder;
    this.library = library;
    this.log = log;
    files = new WeightFiles(folder);
  }

  /** The weight's blocks; empty if they cannot be kept. */
  Optional<ByteBuffer> get(WeightKey key, WeightFiles.Maker maker) throws EngineException {
    if (key.bytes() < SMALLEST || key.bytes() > Integer.MAX_VALUE) {
      return Optional.empty();
    }
    String what =
        String.join(
            "|",
            key.fingerprint(),
            Integer.toString(VERSION),
            library,
            key.type().name(),
            key.weight().toString());
    try {
      return Optional.of(files.get(what, key.bytes(), maker));
    } catch (IOException e) {
      tell(e);
      return Optional.empty();
    }
  }

  private synchronized void tell(IOException e) {
    if (!told) {
      told = true;
      log.log(
          System.Logger.Level.WARNING,
          "quantised weights are not kept in {0}, loading will take as long again: {1}",
          folder,
          e.getMessage());
    }
  }
}
