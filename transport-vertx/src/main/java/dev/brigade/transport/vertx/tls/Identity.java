package dev.brigade.transport.vertx.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * A key that this process alone has and what the cluster's authority says of it.
 *
 * @param key written nowhere, ends with the process at the latest
 * @param certificate of that key
 * @param issued when it was issued, by this node's clock
 */
record Identity(PrivateKey key, X509Certificate certificate, Instant issued) {

  /** Names it among others. */
  String alias() {
    return certificate.getSerialNumber().toString(Character.MAX_RADIX);
  }

  @Override
  public String toString() {
    return "Identity[" + alias() + ", until " + certificate.getNotAfter() + ", key hidden]";
  }
}
