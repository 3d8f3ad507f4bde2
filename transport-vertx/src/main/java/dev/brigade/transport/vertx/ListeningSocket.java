package dev.brigade.transport.vertx;

import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.TransportException.CannotBind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/**
 * The one socket others are told of. It is bound before JGroups starts, so that its address can be
 * announced, and then handed to JGroups, whose own attempt to bind it does nothing.
 */
final class ListeningSocket extends ServerSocket {
  private static final int BACKLOG = 50;

  private ListeningSocket() throws IOException {}

  /**
   * Binds as configured.
   *
   * @throws CannotBind if the host is not loopback or unknown, or the port is taken
   */
  static ListeningSocket open(VertxTransportConfig config) throws CannotBind {
    InetAddress address = loopback(config.hostOrDefault());
    int first = config.port().orElse(VertxTransportConfig.FIRST_PORT);
    int last = config.port().orElse(VertxTransportConfig.LAST_PORT);
    IOException failure = null;
    for (int port = first; port <= last; port++) {
      try {
        return open(new InetSocketAddress(address, port));
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

  private static ListeningSocket open(InetSocketAddress address) throws IOException {
    ListeningSocket socket = new ListeningSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(address, BACKLOG);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static InetAddress loopback(String host) throws CannotBind {
    InetAddress address;
    try {
      address = InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new CannotBind("transport.host '" + host + "' is not a known host or address", e);
    }
    if (!address.isLoopbackAddress()) {
      throw new CannotBind(
          "transport.host '"
              + host
              + "' is not loopback: links between machines are not encrypted before mutual TLS"
              + " comes with a later version, so only loopback is allowed, with or without a"
              + " secret; set transport.host to 127.0.0.1");
    }
    return address;
  }

  Endpoint endpoint() {
    return new Endpoint(getInetAddress().getHostAddress(), getLocalPort());
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
