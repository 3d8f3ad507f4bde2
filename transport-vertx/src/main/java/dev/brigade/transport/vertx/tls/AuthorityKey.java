package dev.brigade.transport.vertx.tls;

import dev.brigade.spi.ClusterSecret;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/**
 * The authority's key, the same on every node with the same secret and cluster name. An Ed25519 key
 * is any 32 bytes (RFC 8032, 5.1.5), so that the secret's own derivation gives one as it is.
 */
final class AuthorityKey {
  static final String ALGORITHM = "Ed25519";

  private AuthorityKey() {}

  static KeyPair derive(ClusterSecret secret, String cluster)
      throws GeneralSecurityException, IOException {
    byte[] seed =
        secret.derive(
            "vertx transport tls authority of " + cluster, Ed25519PrivateKeyParameters.KEY_SIZE);
    // The JDK has no way from a private key to its public one.
    SubjectPublicKeyInfo publicKey =
        SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
            new Ed25519PrivateKeyParameters(seed).generatePublicKey());
    KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
    return new KeyPair(
        keys.generatePublic(new X509EncodedKeySpec(publicKey.getEncoded())),
        keys.generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed)));
  }
}
