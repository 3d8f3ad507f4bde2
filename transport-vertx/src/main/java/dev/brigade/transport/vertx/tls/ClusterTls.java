package dev.brigade.transport.vertx.tls;

import dev.brigade.spi.ClusterSecret;
import dev.brigade.spi.Host;
import dev.brigade.spi.Timer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * Mutual TLS 1.3 of one node, for blocking sockets and for the event bus. Each handshake shows a
 * certificate that was issued at most half a day ago. Thread-safe.
 */
public final class ClusterTls {
  /** Whoever takes longer is dropped. */
  public static final Duration HANDSHAKE = Duration.ofSeconds(5);

  private static final String PROTOCOL = "TLSv1.3";

  private final SSLContext context;
  private final Strangers strangers;
  private final Timer timer;

  private ClusterTls(Authority authority, Host host) throws GeneralSecurityException {
    timer = host.timer();
    strangers = new Strangers(host.logger(ClusterTls.class.getName()), host.clock());
    context = SSLContext.getInstance(PROTOCOL);
    context.init(
        new KeyManager[] {new RenewedIdentity(authority, host.clock())},
        new TrustManager[] {new ClusterTrust(authority.anchor(), host.clock(), strangers)},
        null);
  }

  /** Issues this node a certificate; empty if the node has no secret to derive one from. */
  public static Optional<ClusterTls> of(Host host) {
    return host.secret().map(secret -> of(secret, host));
  }

  private static ClusterTls of(ClusterSecret secret, Host host) {
    try {
      return new ClusterTls(Authority.of(secret, host.cluster()), host);
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
        ? ClusterTrust.REFUSED_HERE
        : "it does not speak Brigade's TLS (" + message + ")";
  }

  /**
   * One end of a connection that is not a socket of the JDK.
   *
   * @param client whether it is the end that connects
   */
  public SSLEngine engine(boolean client) {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(client);
    engine.setNeedClientAuth(!client);
    engine.setEnabledProtocols(new String[] {PROTOCOL});
    return engine;
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
