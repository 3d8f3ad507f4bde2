package dev.brigade.discovery.fixed;

import dev.brigade.spi.transport.Endpoint;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.List;

/** Recognises this node among the peers, whose list is often the same on all nodes. */
final class Self {
  private final Endpoint own;
  private final Resolver resolver;

  Self(Endpoint own, Resolver resolver) {
    this.own = own;
    this.resolver = resolver;
  }

  /** Whether this node's transport listens at that address and port. May block on a name server. */
  boolean listensAt(InetAddress address, int port) {
    if (port != own.port()) {
      return false;
    }
    for (InetAddress mine : ownAddresses()) {
      boolean everywhere = mine.isAnyLocalAddress() && isOfThisMachine(address);
      if (everywhere || mine.equals(address)) {
        return true;
      }
    }
    return false;
  }

  private List<InetAddress> ownAddresses() {
    try {
      return resolver.resolve(own.host());
    } catch (UnknownHostException e) {
      return List.of();
    }
  }

  private static boolean isOfThisMachine(InetAddress address) {
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
