package dev.brigade.model.hub;

import dev.brigade.spi.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What an etag says about the bytes: large files carry their SHA-256, small ones the SHA-1 that git
 * names them by. Other etags say nothing that could be checked.
 */
final class ContentHash {
  private static final int CHUNK = 1 << 20;

  private final String algorithm;
  private final String expected;

  private ContentHash(String algorithm, String expected) {
    this.algorithm = algorithm;
    this.expected = expected;
  }

  static Optional<ContentHash> of(String etag) {
    if (etag.matches("[0-9a-f]{64}")) {
      return Optional.of(new ContentHash("SHA-256", etag));
    } else if (etag.matches("[0-9a-f]{40}")) {
      return Optional.of(new ContentHash("SHA-1", etag));
    }
    return Optional.empty();
  }

  /** Whether a file has that hash. Reads it back from the disk, which is what will be used. */
  boolean matches(Path file, Cancellation cancel) throws IOException, HubException {
    MessageDigest digest = digest();
    if (algorithm.equals("SHA-1")) {
      String header = "blob " + Files.size(file) + "\0";
      digest.update(header.getBytes(StandardCharsets.US_ASCII));
    }
    byte[] buffer = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        Pause.requireWanted(cancel);
        digest.update(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest()).equals(expected);
  }

  private MessageDigest digest() {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has " + algorithm, e);
    }
  }
}
