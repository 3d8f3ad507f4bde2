package dev.brigade.discovery.udp;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.Arrays;

/** Somebody on the network who records datagrams and sends what he likes. */
final class RawSocket implements AutoCloseable {
  private final MulticastSocket socket;
  private final int port;

  private RawSocket(MulticastSocket socket, int port) {
    this.socket = socket;
    this.port = port;
  }

  /** Hears what nodes of this machine send to {@code port} over loopback. */
  static RawSocket listening(int port) throws IOException {
    MulticastSocket socket = new MulticastSocket(null);
    socket.setReuseAddress(true);
    if (socket.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
      socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
    }
    socket.bind(new InetSocketAddress("0.0.0.0", port));
    return new RawSocket(socket, port);
  }

  /** Sends to {@code port} from one of this machine's addresses. */
  static RawSocket at(InetAddress own, NetworkInterface device, int port) throws IOException {
    MulticastSocket socket = new MulticastSocket(new InetSocketAddress(own, 0));
    socket.setNetworkInterface(device);
    return new RawSocket(socket, port);
  }

  byte[] record(Duration patience) throws IOException {
    socket.setSoTimeout((int) patience.toMillis());
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  void send(byte[] content, String to) throws IOException {
    socket.setBroadcast(true);
    socket.send(new DatagramPacket(content, content.length, InetAddress.getByName(to), port));
  }

  @Override
  public void close() {
    socket.close();
  }
}
