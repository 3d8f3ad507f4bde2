package dev.brigade.transport.vertx.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;

/**
 * Who this node is: a certificate that holds for a day, and from half of it on, at the next
 * handshake, a new one with a new key. It looks at the clock instead of waiting for a timer, so
 * that a machine that has slept, or whose clock is set after the start, shows one that holds as
 * well. Connections that stand are not touched. Thread-safe.
 */
final class RenewedIdentity extends X509ExtendedKeyManager {
  static final Duration VALIDITY = Duration.ofDays(1);
  private static final Duration RENEWED_AFTER = VALIDITY.dividedBy(2);
  private static final String KEY_TYPE = "EC";

  private final Authority authority;
  private final Clock clock;
  private Identity current;

  /** The one before, which a handshake that goes on at this moment may still ask for. */
  private Identity previous;

  RenewedIdentity(Authority authority, Clock clock) {
    this.authority = authority;
    this.clock = clock;
    current = authority.issue(clock.instant(), VALIDITY);
    previous = current;
  }

  /** The one to show now. */
  synchronized Identity current() {
    Instant now = clock.instant();
    Instant issued = current.issued();
    if (now.isBefore(issued) || !now.isBefore(issued.plus(RENEWED_AFTER))) {
      previous = current;
      current = authority.issue(now, VALIDITY);
    }
    return current;
  }

  private synchronized Identity named(String alias) {
    return alias.equals(previous.alias()) ? previous : current;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return new X509Certificate[] {named(alias).certificate()};
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return named(alias).key();
  }

  // Null is how this interface of the JDK says that there is none.
  private String aliasFor(String... types) {
    return List.of(types).contains(KEY_TYPE) ? current().alias() : null;
  }

  @Override
  public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    return aliasFor(types);
  }

  @Override
  public String chooseEngineClientAlias(String[] types, Principal[] issuers, SSLEngine engine) {
    return aliasFor(types);
  }

  @Override
  public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    return aliasFor(type);
  }

  @Override
  public String chooseEngineServerAlias(String type, Principal[] issuers, SSLEngine engine) {
    return aliasFor(type);
  }

  @Override
  public String[] getClientAliases(String type, Principal[] issuers) {
    return new String[] {current().alias()};
  }

  @Override
  public String[] getServerAliases(String type, Principal[] issuers) {
    return new String[] {current().alias()};
  }
}
