package dev.brigade.transport.vertx.tls;

import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts the cluster's authority, by this node's clock, and tells of those who have another. Host
 * names are not looked at: whoever has a certificate of this authority is a member, wherever it is.
 */
final class ClusterTrust extends X509ExtendedTrustManager {
  static final String OTHER_SECRET = "its secret differs, or it is of another cluster";

  /** All that TLS tells of why the other side hangs up. */
  static final String REFUSED_HERE =
      "it does not trust this node; its secret differs, or it is of another cluster, or the clocks"
          + " differ by more than 12 hours";

  private static final String OTHER_CLOCK =
      "its certificate does not hold by the clock of this machine; set both clocks, which may"
          + " differ by 12 hours";

  private final TrustAnchor authority;
  private final Clock clock;
  private final Strangers strangers;

  ClusterTrust(TrustAnchor authority, Clock clock, Strangers strangers) {
    this.authority = authority;
    this.clock = clock;
    this.strangers = strangers;
  }

  private void check(X509Certificate[] chain, Optional<InetAddress> from)
      throws CertificateException {
    try {
      CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(List.of(chain[0]));
      PKIXParameters trusted = new PKIXParameters(Set.of(authority));
      trusted.setRevocationEnabled(false);
      trusted.setDate(Date.from(clock.instant()));
      CertPathValidator.getInstance("PKIX").validate(path, trusted);
    } catch (CertPathValidatorException e) {
      boolean timely =
          e.getReason() != BasicReason.EXPIRED && e.getReason() != BasicReason.NOT_YET_VALID;
      String reason = timely ? OTHER_SECRET : OTHER_CLOCK + " (" + e.getMessage() + ")";
      from.ifPresent(address -> strangers.refused(address, reason));
      throw new CertificateException(reason, e);
    } catch (GeneralSecurityException e) {
      throw new CertificateException("a certificate cannot be checked", e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain, Optional.of(socket.getInetAddress()));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain, Optional.of(socket.getInetAddress()));
  }

  // An engine knows no address. Who is behind one is a member already, or was never told of it.
  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, Optional.empty());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, Optional.empty());
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, Optional.empty());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, Optional.empty());
  }

  // To name the authority would tell strangers of it, and members have one certificate anyway.
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
