package dev.brigade.transport.vertx.tls;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * A key that this process alone has, what the cluster's authority says of it, and that authority.
 *
 * @param key written nowhere, ends with the process
 * @param certificate of that key
 * @param authority the only one that is trusted
 */
record Identity(PrivateKey key, X509Certificate certificate, X509Certificate authority) {
  private static final char[] NO_PASSWORD = new char[0];

  /** What shows the certificate. */
  KeyManager[] keyManagers() throws GeneralSecurityException {
    KeyStore store = emptyStore();
    X509Certificate[] chain = {certificate};
    store.setKeyEntry("node", key, NO_PASSWORD, chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  /** What trusts the authority and nothing else. */
  X509ExtendedTrustManager trustManager() throws GeneralSecurityException {
    KeyStore store = emptyStore();
    store.setCertificateEntry("authority", authority);
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
  }

  private static KeyStore emptyStore() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
      return store;
    } catch (IOException e) {
      throw new GeneralSecurityException("an empty key store cannot be made", e);
    }
  }

  /** The key as PEM of PKCS #8 (RFC 7468). */
  Buffer keyPem() {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  /** The certificate as PEM. */
  Buffer certificatePem() throws GeneralSecurityException {
    return pem("CERTIFICATE", certificate.getEncoded());
  }

  /** The authority's certificate as PEM. */
  Buffer authorityPem() throws GeneralSecurityException {
    return pem("CERTIFICATE", authority.getEncoded());
  }

  private static Buffer pem(String label, byte[] der) {
    byte[] newline = "\n".getBytes(StandardCharsets.US_ASCII);
    String base64 = Base64.getMimeEncoder(64, newline).encodeToString(der);
    return Buffer.buffer(
        "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
  }

  @Override
  public String toString() {
    return "Identity[" + certificate.getSubjectX500Principal() + ", key hidden]";
  }
}
