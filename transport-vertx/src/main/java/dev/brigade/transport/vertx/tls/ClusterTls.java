package dev.brigade.transport.vertx.tls;

import dev.brigade.spi.ClusterSecret;
import dev.brigade.spi.Host;
import dev.brigade.spi.Timer;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * Mutual TLS 1.3 of one node, for blocking sockets and for the event bus. Thread-safe.
 *
 * <p>The node's key is made when this is made and lives as long as the process. Its certificate is
 * valid for a year: a node that runs longer has to be restarted, which gives it a new one.
 */
public final class ClusterTls {
  /** Whoever takes longer is dropped. */
  static final Duration HANDSHAKE = Duration.ofSeconds(5);

  private static final Duration VALIDITY = Duration.ofDays(365);
  private static final String PROTOCOL = "TLSv1.3";

  private final Identity identity;
  private final SSLContext context;
  private final Strangers strangers;
  private final Timer timer;

  private ClusterTls(Identity identity, Strangers strangers, Timer timer)
      throws GeneralSecurityException {
    this.identity = identity;
    this.strangers = strangers;
    this.timer = timer;
    this.context = SSLContext.getInstance(PROTOCOL);
    TrustManager trust = new ClusterTrust(identity.trustManager(), strangers);
    context.init(identity.keyManagers(), new TrustManager[] {trust}, null);
  }

  /** Issues this node a certificate; empty if the node has no secret to derive one from. */
  public static Optional<ClusterTls> of(Host host) {
    return host.secret().map(secret -> of(secret, host));
  }

  private static ClusterTls of(ClusterSecret secret, Host host) {
    Authority authority = Authority.of(secret, host.cluster());
    Strangers strangers = new Strangers(host.logger(ClusterTls.class.getName()), host.clock());
    try {
      Identity identity = authority.issue(host.clock().instant(), VALIDITY);
      return new ClusterTls(identity, strangers, host.timer());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no " + PROTOCOL, e);
    }
  }

  /**
   * A socket that shakes hands once it is connected. Where that takes too long it is closed.
   *
   * @throws IOException if no socket can be had
   */
  public Socket connecting() throws IOException {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
    socket.setEnabledProtocols(new String[] {PROTOCOL});
    Timer.Scheduled deadline = timer.schedule(HANDSHAKE, () -> closeAside(socket));
    socket.addHandshakeCompletedListener(event -> deadline.cancel());
    return socket;
  }

  /**
   * Shakes hands with who has connected; blocks until that is done.
   *
   * @param raw closed if it fails, or when the result is closed
   * @throws IOException if the other side is no member of this cluster, which is logged
   */
  public Socket welcome(Socket raw) throws IOException {
    InetAddress address = raw.getInetAddress();
    Timer.Scheduled deadline = timer.schedule(HANDSHAKE, () -> closeAside(raw));
    try {
      SSLSocket socket =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(raw, address.getHostAddress(), raw.getPort(), true);
      socket.setUseClientMode(false);
      socket.setNeedClientAuth(true);
      socket.setEnabledProtocols(new String[] {PROTOCOL});
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      raw.close();
      if (e instanceof SSLException && !(e.getCause() instanceof java.io.EOFException)) {
        strangers.refused(address, reason(e));
      }
      throw e;
    } finally {
      deadline.cancel();
    }
  }

  private static String reason(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("certificate")
        ? ClusterTrust.OTHER_SECRET
        : "it does not speak Brigade's TLS (" + message + ")";
  }

  /** What the event bus needs to talk to members only. */
  public void secure(EventBusOptions bus) {
    // Vert.x copies these options by way of JSON, which keeps PEM but no key or trust managers.
    try {
      bus.setSsl(true)
          .setTrustAll(false)
          .setClientAuth(ClientAuth.REQUIRED)
          .setEnabledSecureTransportProtocols(Set.of(PROTOCOL))
          .setSslHandshakeTimeout(HANDSHAKE.toMillis())
          .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .addKeyValue(identity.keyPem())
                  .addCertValue(identity.certificatePem()))
          .setTrustOptions(new PemTrustOptions().addCertValue(identity.authorityPem()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an own certificate cannot be written", e);
    }
  }

  /** Closing may wait for the socket's own locks, and timers wait for nobody. */
  private static void closeAside(Socket socket) {
    Thread closing =
        new Thread(
            () -> {
              try {
                socket.close();
              } catch (IOException e) {
                // It is of no use any more either way.
              }
            },
            "brigade-tls-late");
    closing.setDaemon(true);
    closing.start();
  }
}
