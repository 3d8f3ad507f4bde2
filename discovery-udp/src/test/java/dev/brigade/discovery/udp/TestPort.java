package dev.brigade.discovery.udp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.util.Optional;

/** A UDP port that nobody uses now, so that tests do not hear each other. */
final class TestPort {
  private TestPort() {}

  static int free() {
    try (DatagramSocket socket = new DatagramSocket()) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static UdpConfig config() {
    return new UdpConfig(Optional.of(free()), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
