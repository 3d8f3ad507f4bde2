package dev.brigade.discovery.fixed;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Asks for the addresses of a name. May block for as long as a name server takes. */
@FunctionalInterface
interface Resolver {

  /** All addresses of {@code host}, at least one; an address stands for itself. */
  List<InetAddress> resolve(String host) throws UnknownHostException;

  /** The machine's own way. */
  static Resolver system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}
