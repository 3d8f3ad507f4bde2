package dev.brigade.launcher.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A secret that a person has thought of. Whoever sees what a cluster sends can try passphrases at
 * home; Argon2id (RFC 9106) makes each try expensive: 64 MiB, 3 passes, 4 lanes, the RFC's second
 * recommendation. The salt is the cluster's name.
 */
final class Passphrase {
  static final int LEAST_CHARACTERS = 12;
  private static final int MEMORY_KIB = 64 * 1024;
  private static final int PASSES = 3;
  private static final int LANES = 4;
  private static final int KEY_BYTES = 32;

  private Passphrase() {}

  /**
   * Checks the length.
   *
   * @throws IllegalArgumentException if it is too short to be a secret
   */
  static void check(String passphrase) {
    int length = passphrase.codePointCount(0, passphrase.length());
    if (length < LEAST_CHARACTERS) {
      throw new IllegalArgumentException(
          "is a passphrase of "
              + length
              + " characters, which can be guessed; take at least "
              + LEAST_CHARACTERS
              + ", or better a random one, made with: brigade token");
    }
  }

  /** What to use in its place, as hexadecimal digits; takes part of a second, and 64 MiB. */
  static String stretch(String passphrase, String cluster) {
    Argon2BytesGenerator argon = new Argon2BytesGenerator();
    argon.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(MEMORY_KIB)
            .withIterations(PASSES)
            .withParallelism(LANES)
            .withSalt(salt(cluster))
            .build());
    byte[] key = new byte[KEY_BYTES];
    // The same letters may be typed as different code points on different machines.
    String normal = Normalizer.normalize(passphrase, Normalizer.Form.NFC);
    argon.generateBytes(normal.getBytes(StandardCharsets.UTF_8), key);
    return HexFormat.of().formatHex(key);
  }

  private static byte[] salt(String cluster) {
    String text = "brigade passphrase v1 " + cluster;
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
