package dev.brigade.transport.vertx;

import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.TransportException.CannotBind;
import dev.brigade.transport.vertx.tls.ClusterTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * The one socket others are told of. It is bound before JGroups starts, so that its address can be
 * announced, and then handed to JGroups, whose own attempt to bind it does nothing. Where the node
 * has a secret only members are let in.
 */
final class ListeningSocket extends ServerSocket {
  private static final int BACKLOG = 50;

  private final Optional<ClusterTls> tls;
  private final Optional<Doorkeeper> doorkeeper;

  private ListeningSocket(Optional<ClusterTls> tls) throws IOException {
    this.tls = tls;
    this.doorkeeper = tls.map(secured -> new Doorkeeper(super::accept, secured));
  }

  /**
   * Binds as configured.
   *
   * @param tls empty if the node has no secret
   * @throws CannotBind if the host is unknown, or not loopback without TLS, or the port is taken
   */
  static ListeningSocket open(VertxTransportConfig config, Optional<ClusterTls> tls)
      throws CannotBind {
    InetAddress address = address(config.hostOrDefault(), tls.isPresent());
    int first = config.port().orElse(VertxTransportConfig.FIRST_PORT);
    int last = config.port().orElse(VertxTransportConfig.LAST_PORT);
    IOException failure = null;
    for (int port = first; port <= last; port++) {
      try {
        return open(new InetSocketAddress(address, port), tls);
      } catch (IOException e) {
        failure = e;
      }
    }
    String where = address.getHostAddress() + ":" + first + (first == last ? "" : ".." + last);
    throw new CannotBind(
        "the transport cannot listen on "
            + where
            + " ("
            + failure.getMessage()
            + "); set transport.port to a free port, or to 0 for any",
        failure);
  }

  private static ListeningSocket open(InetSocketAddress address, Optional<ClusterTls> tls)
      throws IOException {
    ListeningSocket socket = new ListeningSocket(tls);
    try {
      socket.setReuseAddress(true);
      socket.bind(address, BACKLOG);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static InetAddress address(String host, boolean secured) throws CannotBind {
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new CannotBind("transport.host '" + host + "' is not a known host or address", e);
    }
    if (!secured && !address.isLoopbackAddress()) {
      throw new CannotBind(
          "transport.host '"
              + host
              + "' is not loopback, and this node has no secret to secure links between machines"
              + " with; make one with: brigade token, and give it to every node as node.secret or"
              + " BRIGADE_SECRET, or set transport.host to 127.0.0.1");
    }
    return address;
  }

  /** What is to be used for connections to others; empty without a secret. */
  Optional<ClusterTls> tls() {
    return tls;
  }

  /** Where this is bound; a wildcard if on all addresses. */
  Endpoint endpoint() {
    return new Endpoint(getInetAddress().getHostAddress(), getLocalPort());
  }

  @Override
  public Socket accept() throws IOException {
    return doorkeeper.isPresent() ? doorkeeper.get().next() : super.accept();
  }

  @Override
  public void close() throws IOException {
    super.close();
    // Closed while it is being made, by the constructor of its class, it has no doorkeeper yet.
    if (doorkeeper != null) {
      doorkeeper.ifPresent(Doorkeeper::close);
    }
  }

  @Override
  public void bind(SocketAddress address, int backlog) throws IOException {
    if (!isBound()) {
      super.bind(address, backlog);
    }
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    bind(address, BACKLOG);
  }
}
