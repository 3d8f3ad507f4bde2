package dev.brigade.transport.vertx;

import dev.brigade.spi.ClusterSecret;
import dev.brigade.spi.Host;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts and authenticates every packet of the membership protocol with AES-256-GCM (NIST SP
 * 800-38D), so that nothing a stranger sends is so much as parsed. The key comes from the cluster's
 * secret; without one it comes from the cluster's name, which keeps clusters apart but is no
 * protection, and is why such a node never leaves loopback. Where there is a secret the packets
 * travel within mutual TLS as well. Thread-safe.
 */
final class ClusterSeal {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;

  /** A packet begins with nonce and ends with tag. */
  static final int OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES;

  private final SecretKeySpec key;
  private final byte[] cluster;
  private final SecureRandom random = new SecureRandom();

  private ClusterSeal(byte[] key, byte[] cluster) {
    this.key = new SecretKeySpec(key, "AES");
    this.cluster = cluster;
  }

  static ClusterSeal of(Host host) {
    byte[] cluster = host.cluster().getBytes(StandardCharsets.UTF_8);
    byte[] key =
        host.secret()
            .map((ClusterSecret secret) -> secret.derive("vertx transport membership", 32))
            .orElseGet(() -> sha256("brigade cluster without a secret: " + host.cluster()));
    return new ClusterSeal(key, cluster);
  }

  byte[] seal(byte[] plain, int offset, int length) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = Arrays.copyOf(nonce, OVERHEAD_BYTES + length);
    try {
      cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain, offset, length, sealed, NONCE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + CIPHER, e);
    }
    return sealed;
  }

  /** The plain packet; empty if it was not sealed by a member of this cluster. */
  Optional<byte[]> open(byte[] sealed) {
    if (sealed.length < OVERHEAD_BYTES) {
      return Optional.empty();
    }
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_BYTES));
      return Optional.of(cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * 8, nonce));
    cipher.updateAAD(cluster);
    return cipher;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
