package dev.brigade.spi;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that the members of a cluster share. Plugins never see it: each derives keys for its
 * own purposes, so that one key's disclosure tells nothing of another. The derivation is HKDF with
 * SHA-256 (RFC 5869).
 */
public final class ClusterSecret {
  private static final String MAC = "HmacSHA256";
  private static final int HASH_BYTES = 32;
  private final byte[] pseudorandomKey;

  private ClusterSecret(byte[] pseudorandomKey) {
    this.pseudorandomKey = pseudorandomKey;
  }

  /**
   * Takes over a secret as it stands in a config file.
   *
   * @throws IllegalArgumentException if it is blank
   */
  public static ClusterSecret of(String secret) {
    if (secret.isBlank()) {
      throw new IllegalArgumentException(
          "the cluster secret is blank; make one with: brigade token");
    }
    byte[] salt = "brigade cluster secret v1".getBytes(StandardCharsets.UTF_8);
    return new ClusterSecret(hmac(salt, secret.strip().getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * A key for one purpose; the same on every member.
   *
   * @param purpose a name of the use that no other use has, such as {@code "udp beacon"}
   * @param bytes length of the key, 1 to 8160
   */
  public byte[] derive(String purpose, int bytes) {
    if (bytes < 1 || bytes > 255 * HASH_BYTES) {
      throw new IllegalArgumentException("key length " + bytes + " is not within 1..8160 bytes");
    }
    byte[] info = purpose.getBytes(StandardCharsets.UTF_8);
    byte[] key = new byte[bytes];
    byte[] block = new byte[0];
    int filled = 0;
    for (int counter = 1; filled < bytes; counter++) {
      byte[] input = Arrays.copyOf(block, block.length + info.length + 1);
      System.arraycopy(info, 0, input, block.length, info.length);
      input[input.length - 1] = (byte) counter;
      block = hmac(pseudorandomKey, input);
      int count = Math.min(HASH_BYTES, bytes - filled);
      System.arraycopy(block, 0, key, filled, count);
      filled += count;
    }
    return key;
  }

  private static byte[] hmac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance(MAC);
      mac.init(new SecretKeySpec(key, MAC));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + MAC, e);
    }
  }

  @Override
  public String toString() {
    return "ClusterSecret[hidden]";
  }
}
