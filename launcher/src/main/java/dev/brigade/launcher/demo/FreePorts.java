package dev.brigade.launcher.demo;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.util.List;

/**
 * Ports of the loopback interface that nobody uses at the moment. They are below those that systems
 * give to outgoing connections: one of these could take a port between our look and its use.
 */
final class FreePorts {
  static final String LOOPBACK = "127.0.0.1";

  private static final int LOWEST = 20000;
  private static final int HIGHEST = 29999;
  private static final SecureRandom RANDOM = new SecureRandom();

  private FreePorts() {}

  static List<Integer> tcp(int count) {
    return RANDOM
        .ints(LOWEST, HIGHEST + 1)
        .distinct()
        .filter(FreePorts::isFree)
        .limit(count)
        .boxed()
        .toList();
  }

  static int udp() {
    return RANDOM
        .ints(LOWEST, HIGHEST + 1)
        .filter(FreePorts::isFreeForUdp)
        .findFirst()
        .orElseThrow();
  }

  private static boolean isFreeForUdp(int port) {
    try (DatagramSocket socket = new DatagramSocket(port, InetAddress.getByName(LOOPBACK))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether a server can listen on this port now. */
  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(LOOPBACK, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
