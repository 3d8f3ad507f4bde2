package dev.brigade.discovery.udp;

import static java.lang.System.Logger.Level.INFO;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Sends and hears datagrams of one address family on a set of interfaces. What fails on one
 * interface is logged once and does not keep the others from working. For one thread.
 */
final class BeaconSocket implements AutoCloseable {
  private final DatagramChannel channel;
  private final int port;
  private final StandardProtocolFamily family;
  private final List<InetAddress> groups;
  private final List<Lan> lans;
  private final OnceLog log;

  /**
   * Opens a socket that shares its port with those of other nodes on this machine.
   *
   * @throws IOException if the port is taken by something that does not share it
   * @throws UnsupportedOperationException if the machine has no such family
   */
  BeaconSocket(
      StandardProtocolFamily family,
      int port,
      List<InetAddress> groups,
      List<Lan> lans,
      Selector selector,
      OnceLog log)
      throws IOException {
    this.family = family;
    this.port = port;
    this.groups = groups.stream().filter(group -> familyOf(group) == family).toList();
    this.lans = lans;
    this.log = log;
    channel = DatagramChannel.open(family);
    try {
      share(StandardSocketOptions.SO_REUSEADDR);
      share(StandardSocketOptions.SO_REUSEPORT); // not on Windows, where the first is enough
      channel.setOption(StandardSocketOptions.SO_BROADCAST, true);
      channel.bind(new InetSocketAddress(port));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    lans.forEach(this::join);
  }

  private void share(SocketOption<Boolean> option) throws IOException {
    if (channel.supportedOptions().contains(option)) {
      channel.setOption(option, true);
    }
  }

  private void join(Lan lan) {
    for (InetAddress group : groups) {
      if (lan.carries(group)) {
        attempt(
            lan, "hear group " + group.getHostAddress(), () -> channel.join(group, lan.device()));
      }
    }
  }

  /** Sends a datagram by each way that there is, each with content of its own. */
  void send(Supplier<byte[]> contents) {
    for (Lan lan : lans) {
      for (InetAddress group : groups) {
        if (lan.carries(group)) {
          attempt(lan, "send to group " + group.getHostAddress(), () -> send(lan, group, contents));
        }
      }
      if (family == StandardProtocolFamily.INET) {
        for (InetAddress all : lan.broadcasts()) {
          attempt(lan, "broadcast to " + all.getHostAddress(), () -> send(all, contents));
        }
      }
    }
  }

  private void send(Lan lan, InetAddress group, Supplier<byte[]> contents) throws IOException {
    channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, lan.device());
    boolean scoped = group instanceof Inet6Address;
    send(
        scoped ? Inet6Address.getByAddress(null, group.getAddress(), lan.device()) : group,
        contents);
  }

  private void send(InetAddress to, Supplier<byte[]> contents) throws IOException {
    // A full send buffer drops the datagram, as the network might; the next one comes soon.
    channel.send(ByteBuffer.wrap(contents.get()), new InetSocketAddress(to, port));
  }

  /** Takes the next datagram into {@code buffer}; empty if none waits. */
  Optional<InetAddress> receive(ByteBuffer buffer) throws IOException {
    buffer.clear();
    InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
    buffer.flip();
    return Optional.ofNullable(from).map(InetSocketAddress::getAddress);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static ProtocolFamily familyOf(InetAddress address) {
    return address instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  private interface NetworkUse {
    void run() throws IOException;
  }

  private void attempt(Lan lan, String what, NetworkUse use) {
    try {
      use.run();
    } catch (IOException | RuntimeException e) {
      String text = "udp discovery cannot %s on interface %s and does without: %s";
      log.log(INFO, lan.name() + " " + what, String.format(text, what, lan.name(), e.getMessage()));
    }
  }
}
