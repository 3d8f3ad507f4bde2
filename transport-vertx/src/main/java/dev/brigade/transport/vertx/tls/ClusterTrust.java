package dev.brigade.transport.vertx.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts the cluster's authority and tells of those who have another. Host names are not looked at:
 * whoever has a certificate of this authority is a member, wherever it is.
 */
final class ClusterTrust extends X509ExtendedTrustManager {
  static final String OTHER_SECRET = "its secret differs, or it is of another cluster";

  private final X509ExtendedTrustManager authority;
  private final Strangers strangers;

  ClusterTrust(X509ExtendedTrustManager authority, Strangers strangers) {
    this.authority = authority;
    this.strangers = strangers;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    try {
      authority.checkClientTrusted(chain, type, socket);
    } catch (CertificateException e) {
      throw told(e, socket);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    try {
      authority.checkServerTrusted(chain, type, socket);
    } catch (CertificateException e) {
      throw told(e, socket);
    }
  }

  private CertificateException told(CertificateException refusal, Socket socket) {
    strangers.refused(socket.getInetAddress(), reason(refusal));
    return refusal;
  }

  private static String reason(Throwable refusal) {
    for (Throwable cause = refusal; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException
          || cause instanceof CertificateNotYetValidException) {
        return "its certificate is not valid by the clock of this machine ("
            + cause.getMessage()
            + "); set both clocks, and restart a node that has run for a year";
      }
    }
    return OTHER_SECRET;
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    authority.checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    authority.checkServerTrusted(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    authority.checkClientTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    authority.checkServerTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authority.getAcceptedIssuers();
  }
}
