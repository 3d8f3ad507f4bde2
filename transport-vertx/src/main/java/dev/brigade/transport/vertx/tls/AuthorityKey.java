package dev.brigade.transport.vertx.tls;

import dev.brigade.spi.ClusterSecret;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/**
 * The authority's key, the same on every node with the same secret and cluster name. An Ed25519 key
 * is any 32 bytes (RFC 8032, 5.1.5), so that the secret's own derivation gives one as it is.
 */
final class AuthorityKey {
  static final String ALGORITHM = "Ed25519";
  private static final int SEED_BYTES = 32;

  private AuthorityKey() {}

  static KeyPair derive(ClusterSecret secret, String cluster) throws GeneralSecurityException {
    byte[] seed = secret.derive("vertx transport tls authority of " + cluster, SEED_BYTES);
    // The JDK tells the public key of a private one only where it makes the pair.
    KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
    generator.initialize(NamedParameterSpec.ED25519, new Drawn(seed));
    KeyPair pair = generator.generateKeyPair();
    PrivateKey expected =
        KeyFactory.getInstance(ALGORITHM)
            .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
    if (!Arrays.equals(pair.getPrivate().getEncoded(), expected.getEncoded())) {
      throw new GeneralSecurityException("this JDK does not draw an Ed25519 key as RFC 8032 says");
    }
    return pair;
  }

  /** Draws these bytes. */
  private static final class Drawn extends SecureRandom {
    private final byte[] bytes;

    Drawn(byte[] bytes) {
      super(null, null);
      this.bytes = bytes;
    }

    @Override
    public void nextBytes(byte[] drawn) {
      if (drawn.length != bytes.length) {
        throw new IllegalStateException(
            drawn.length + " bytes are drawn for a key of " + bytes.length);
      }
      System.arraycopy(bytes, 0, drawn, 0, drawn.length);
    }
  }
}
