package dev.brigade.transport.vertx;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.util.Optional;
import org.jgroups.stack.IpAddress;

/** Finds out whether anybody listens somewhere. */
final class Doors {
  private static final int CONNECT_MILLIS = 500;

  private Doors() {}

  /** Connects and hangs up; blocks for {@value #CONNECT_MILLIS} ms at most. */
  static boolean isOpen(IpAddress address) {
    return knock(address).isPresent();
  }

  /**
   * Connects and hangs up.
   *
   * @return this side's address on the network that leads there; empty if nobody listens
   */
  static Optional<InetAddress> knock(IpAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(address.getIpAddress(), address.getPort()), CONNECT_MILLIS);
      return Optional.of(socket.getLocalAddress());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Whether an address is one of this machine's. */
  static boolean isOwn(IpAddress address) {
    try {
      return address.getIpAddress().isLoopbackAddress()
          || NetworkInterface.getByInetAddress(address.getIpAddress()) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
