package dev.brigade.transport.vertx.tls;

import dev.brigade.spi.ClusterSecret;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;

/**
 * The private certificate authority of a cluster, which every member derives from the secret and
 * the cluster's name, so that nobody has to carry certificates about. It signs with Ed25519 (RFC
 * 8410); the nodes' keys are on P-256, which all of TLS knows. Thread-safe.
 *
 * <p>The one kind of certificate that it issues is written here, since the JDK cannot, and a
 * library that can takes most of a second of every start: its jars are signed, which is checked
 * each time and keeps their classes out of the archive that makes starts fast.
 */
final class Authority {
  /** Another member's clock may be this much behind. */
  private static final Duration CLOCKS_DIFFER = Duration.ofHours(12);

  private static final String NODE_CURVE = "secp256r1";
  private static final int SERIAL_BITS = 127;
  private static final String NAME = "Brigade cluster authority";
  private static final String NODE = "Brigade node";

  private static final byte[] ED25519 = Der.sequence(Der.oid(1, 3, 101, 112));
  private static final BigInteger VERSION_3 = BigInteger.TWO;

  private final KeyPair key;

  private Authority(KeyPair key) {
    this.key = key;
  }

  /** The authority of all who have this secret and this cluster's name. */
  static Authority of(ClusterSecret secret, String cluster) {
    try {
      return new Authority(AuthorityKey.derive(secret, cluster));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the cluster's authority cannot be derived", e);
    }
  }

  PublicKey publicKey() {
    return key.getPublic();
  }

  /** What to trust if what this issues, and nothing else, is to be trusted. */
  TrustAnchor anchor() {
    return new TrustAnchor("CN=" + NAME, publicKey(), null);
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
      byte[] content = content(pair.getPublic(), now.minus(CLOCKS_DIFFER), now.plus(validity));
      byte[] signed = Der.sequence(content, ED25519, Der.bits(0, signature(content)));
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(signed));
      return new Identity(pair.getPrivate(), certificate, now);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate cannot be issued", e);
    }
  }

  private byte[] signature(byte[] content) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(AuthorityKey.ALGORITHM);
    signature.initSign(key.getPrivate());
    signature.update(content);
    return signature.sign();
  }

  /** What is signed of a certificate (RFC 5280, 4.1). */
  private static byte[] content(PublicKey node, Instant begin, Instant end) {
    BigInteger serial = new BigInteger(SERIAL_BITS, new SecureRandom()).setBit(SERIAL_BITS - 1);
    return Der.sequence(
        Der.marked(0, Der.integer(VERSION_3)),
        Der.integer(serial),
        ED25519,
        name(NAME),
        Der.sequence(Der.time(begin), Der.time(end)),
        name(NODE),
        node.getEncoded(),
        Der.marked(3, extensions()));
  }

  private static byte[] name(String commonName) {
    return Der.sequence(Der.set(Der.sequence(Der.oid(2, 5, 4, 3), Der.text(commonName))));
  }

  private static byte[] extensions() {
    byte[] basicConstraints = Der.sequence();
    byte[] digitalSignature = Der.bits(7, new byte[] {(byte) 0x80});
    byte[] serverAuth = Der.oid(1, 3, 6, 1, 5, 5, 7, 3, 1);
    byte[] clientAuth = Der.oid(1, 3, 6, 1, 5, 5, 7, 3, 2);
    return Der.sequence(
        Der.sequence(Der.oid(2, 5, 29, 19), Der.yes(), Der.octets(basicConstraints)),
        Der.sequence(Der.oid(2, 5, 29, 15), Der.yes(), Der.octets(digitalSignature)),
        Der.sequence(Der.oid(2, 5, 29, 37), Der.octets(Der.sequence(serverAuth, clientAuth))));
  }
}
