package dev.brigade.discovery.udp;

import dev.brigade.spi.ClusterSecret;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Proves that a beacon comes from one who knows the cluster's secret: HMAC-SHA256 (RFC 2104) under
 * a key of this purpose alone. Without a secret beacons carry no seal. For one thread.
 */
final class Seal {
  static final int BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";
  private final Optional<Mac> mac;

  /** What a beacon's seal tells the receiver. */
  enum Trust {
    TRUSTED("it is trusted"),
    FORGED("its cluster secret is another one; give both nodes the same"),
    UNSEALED("it has no cluster secret and this node has one; give both the same"),
    UNVERIFIABLE("it has a cluster secret and this node has none; give both the same");

    final String meaning;

    Trust(String meaning) {
      this.meaning = meaning;
    }
  }

  Seal(Optional<ClusterSecret> secret) {
    mac = secret.map(s -> newMac(s.derive("udp beacon", BYTES)));
  }

  boolean isUsed() {
    return mac.isPresent();
  }

  /** The seal of what lies between position and limit, which do not move. */
  byte[] of(ByteBuffer message) {
    Mac key = mac.orElseThrow();
    key.update(message.duplicate());
    return key.doFinal();
  }

  /** Judges a message by the seal that came with it. */
  Trust judge(ByteBuffer message, Optional<byte[]> seal) {
    if (mac.isEmpty()) {
      return seal.isEmpty() ? Trust.TRUSTED : Trust.UNVERIFIABLE;
    }
    if (seal.isEmpty()) {
      return Trust.UNSEALED;
    }
    return MessageDigest.isEqual(of(message), seal.get()) ? Trust.TRUSTED : Trust.FORGED;
  }

  private static Mac newMac(byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
