package dev.brigade.discovery.udp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads addresses without ever asking a name server. */
final class AddressLiteral {
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%[\\w.-]+)?");

  private AddressLiteral() {}

  /** The address that {@code host} spells; empty if it is a name. */
  static Optional<InetAddress> parse(String host) {
    if (!IPV4.matcher(host).matches() && !IPV6.matcher(host).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByName(host));
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  /** Whether {@code host} says nothing of where others reach it: a wildcard or loopback. */
  static boolean saysNothing(String host) {
    return host.equalsIgnoreCase("localhost")
        || parse(host).filter(a -> a.isAnyLocalAddress() || a.isLoopbackAddress()).isPresent();
  }
}
