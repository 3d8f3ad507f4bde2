package dev.brigade.model;

import dev.brigade.model.gguf.GgufFile;
import dev.brigade.model.weights.SafetensorsFolder;
import dev.brigade.spi.engine.EngineException.BadModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A digest by which nodes recognise the same model without reading gigabytes: the config, and of
 * each file of weights its size, its first MiB, which holds the names and shapes, and samples of a
 * few bytes spread over the rest. A model trained further differs nearly everywhere, so the samples
 * tell it from its origin.
 */
final class Fingerprint {
  private static final int SAMPLES = 256;
  private static final int SAMPLE_BYTES = 64;
  private static final int START_BYTES = 1 << 20;
  private static final int DIGEST_BYTES = 16;

  private final MessageDigest digest;

  private Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** The digest in hex; of the config alone if the folder has no weights. */
  static String of(Path folder) throws BadModel {
    Fingerprint fingerprint = new Fingerprint();
    if (ModelFiles.isGguf(folder)) {
      for (Path file : GgufFile.files(folder)) {
        fingerprint.addSamples(file);
      }
      return fingerprint.hex();
    }
    Path config = folder.resolve("config.json");
    fingerprint.addAll(config);
    if (SafetensorsFolder.exists(folder)) {
      for (Path file : SafetensorsFolder.of(folder).requireWhole().files()) {
        fingerprint.addSamples(file);
      }
    }
    return fingerprint.hex();
  }

  private String hex() {
    return HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
  }

  private void addAll(Path file) throws BadModel {
    try {
      byte[] bytes = Files.readAllBytes(file);
      addNumber(bytes.length);
      digest.update(bytes);
    } catch (IOException e) {
      throw new BadModel(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void addSamples(Path file) throws BadModel {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      addNumber(size);
      add(channel, 0, START_BYTES);
      for (int i = 0; i < SAMPLES; i++) {
        add(channel, (long) (size * ((i + 0.5) / SAMPLES)), SAMPLE_BYTES);
      }
    } catch (IOException e) {
      throw new BadModel(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private void add(FileChannel channel, long from, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    int read = 0;
    while (read >= 0 && buffer.hasRemaining()) {
      read = channel.read(buffer, from + buffer.position());
    }
    digest.update(buffer.flip());
  }

  private void addNumber(long number) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
  }
}
