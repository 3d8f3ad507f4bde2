package dev.brigade.transport.vertx.tls;

import dev.brigade.spi.ClusterSecret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The private certificate authority of a cluster, which every member derives from the secret and
 * the cluster's name, so that nobody has to carry certificates about. It signs with Ed25519 (RFC
 * 8410); the nodes' keys are on P-256, which all of TLS knows. Thread-safe.
 */
final class Authority {
  /** Another member's clock may be this much behind. */
  private static final Duration CLOCKS_DIFFER = Duration.ofHours(12);

  private static final String NODE_CURVE = "secp256r1";
  private static final int SERIAL_BITS = 127;
  private static final String NAME = "CN=Brigade cluster authority";
  private static final String NODE = "CN=Brigade node";

  private final KeyPair key;

  private Authority(KeyPair key) {
    this.key = key;
  }

  /** The authority of all who have this secret and this cluster's name. */
  static Authority of(ClusterSecret secret, String cluster) {
    try {
      return new Authority(AuthorityKey.derive(secret, cluster));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the cluster's authority cannot be derived", e);
    }
  }

  PublicKey publicKey() {
    return key.getPublic();
  }

  /** What to trust if what this issues, and nothing else, is to be trusted. */
  TrustAnchor anchor() {
    return new TrustAnchor(NAME, publicKey(), null);
  }

  /**
   * A fresh key with a certificate for both ends of a connection.
   *
   * @param now valid from half a day before, as members' clocks may differ
   * @param validity until this long after
   */
  Identity issue(Instant now, Duration validity) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(NODE_CURVE));
      KeyPair pair = generator.generateKeyPair();
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
              new X500Name(NAME),
              new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1),
              Date.from(now.minus(CLOCKS_DIFFER)),
              Date.from(now.plus(validity)),
              new X500Name(NODE),
              SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      KeyPurposeId[] ends = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(ends));
      return new Identity(pair.getPrivate(), sign(builder), now);
    } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
      throw new IllegalStateException("a certificate cannot be issued", e);
    }
  }

  /** By the JDK's own provider: that of the library is not registered, which would cost time. */
  private X509Certificate sign(X509v3CertificateBuilder builder)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    ContentSigner signer =
        new JcaContentSignerBuilder(AuthorityKey.ALGORITHM).build(key.getPrivate());
    byte[] signed = builder.build(signer).getEncoded();
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(signed));
  }
}
