package dev.brigade.transport.vertx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Which of a machine's addresses the others should use when it listens on all of them. */
final class ReachableAddress {
  /** Of a network that exists in documentation only (RFC 5737); nothing is sent there. */
  private static final InetSocketAddress FAR_AWAY = new InetSocketAddress("192.0.2.1", 9);

  private ReachableAddress() {}

  /**
   * {@code bound} itself unless it is a wildcard. Else the address of the network that leads out of
   * here; loopback if there is none.
   */
  static InetAddress of(InetAddress bound) {
    if (!bound.isAnyLocalAddress()) {
      return bound;
    }
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(FAR_AWAY);
      InetAddress local = socket.getLocalAddress();
      return local.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : local;
    } catch (IOException | UncheckedIOException e) {
      return InetAddress.getLoopbackAddress();
    }
  }
}
