package dev.brigade.transport.vertx.tls;

import dev.brigade.spi.ClusterSecret;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;

/**
 * The authority's key, a point of the curve P-256, the same on every node with the same secret and
 * cluster name. The scalar is taken from 64 more bits than it has, so that it is as good as uniform
 * (FIPS 186-5, A.2.1).
 */
final class AuthorityKey {
  static final String CURVE = "secp256r1";
  private static final int SCALAR_BYTES = 32 + 8;

  private AuthorityKey() {}

  static KeyPair derive(ClusterSecret secret, String cluster) throws GeneralSecurityException {
    X9ECParameters curve = CustomNamedCurves.getByName(CURVE);
    byte[] bytes = secret.derive("vertx transport tls authority of " + cluster, SCALAR_BYTES);
    BigInteger most = curve.getN().subtract(BigInteger.ONE);
    BigInteger scalar = new BigInteger(1, bytes).mod(most).add(BigInteger.ONE);
    ECPoint point = new FixedPointCombMultiplier().multiply(curve.getG(), scalar).normalize();

    AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
    named.init(new ECGenParameterSpec(CURVE));
    ECParameterSpec parameters = named.getParameterSpec(ECParameterSpec.class);
    java.security.spec.ECPoint affine =
        new java.security.spec.ECPoint(
            point.getAffineXCoord().toBigInteger(), point.getAffineYCoord().toBigInteger());
    KeyFactory keys = KeyFactory.getInstance("EC");
    return new KeyPair(
        keys.generatePublic(new ECPublicKeySpec(affine, parameters)),
        keys.generatePrivate(new ECPrivateKeySpec(scalar, parameters)));
  }
}
