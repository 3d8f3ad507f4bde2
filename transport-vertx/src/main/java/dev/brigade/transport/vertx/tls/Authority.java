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
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The private certificate authority of a cluster, which every member derives from the secret and
 * the cluster's name, so that nobody has to carry certificates about. Thread-safe.
 */
final class Authority {
  private static final String SIGNATURE = "SHA256withECDSA";
  private static final Instant BEGIN = Instant.parse("2020-01-01T00:00:00Z");

  /** What RFC 5280 has for an end that is not known. */
  private static final Instant NO_END = Instant.parse("9999-12-31T23:59:59Z");

  /** Another member's clock may be this much behind. */
  private static final Duration CLOCKS_DIFFER = Duration.ofHours(12);

  private static final int SERIAL_BITS = 127;
  private static final X500Name NAME = new X500Name("CN=Brigade cluster authority");
  private static final X500Name NODE = new X500Name("CN=Brigade node");

  private final KeyPair key;
  private final X509Certificate certificate;

  private Authority(KeyPair key) throws GeneralSecurityException, IOException {
    this.key = key;
    X509v3CertificateBuilder builder =
        builder(BigInteger.ONE, BEGIN, NO_END, NAME, key.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    this.certificate = sign(builder);
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

  /** Says of itself that it is the authority. */
  X509Certificate certificate() {
    return certificate;
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
      generator.initialize(new ECGenParameterSpec(AuthorityKey.CURVE));
      KeyPair pair = generator.generateKeyPair();
      BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1);
      X509v3CertificateBuilder builder =
          builder(serial, now.minus(CLOCKS_DIFFER), now.plus(validity), NODE, pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      KeyPurposeId[] ends = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(ends));
      return new Identity(pair.getPrivate(), sign(builder), now);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a certificate cannot be issued", e);
    }
  }

  private static X509v3CertificateBuilder builder(
      BigInteger serial, Instant begin, Instant end, X500Name subject, PublicKey publicKey) {
    return new X509v3CertificateBuilder(
        NAME,
        serial,
        Date.from(begin),
        Date.from(end),
        subject,
        SubjectPublicKeyInfo.getInstance(publicKey.getEncoded()));
  }

  private X509Certificate sign(X509v3CertificateBuilder builder)
      throws GeneralSecurityException, IOException {
    // Signed by the JDK: BouncyCastle's own provider is not registered, which would cost time.
    try {
      byte[] der =
          builder
              .build(new JcaContentSignerBuilder(SIGNATURE).build(key.getPrivate()))
              .getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("cannot sign with " + SIGNATURE, e);
    }
  }
}
