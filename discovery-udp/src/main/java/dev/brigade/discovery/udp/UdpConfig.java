package dev.brigade.discovery.udp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How to send and hear beacons. All nodes of a cluster need the same port and groups.
 *
 * @param port UDP port, shared by all nodes of one machine; 52417 if absent
 * @param interval between two beacons once the first second is over, 100 ms to 60 s; 1.5 s if
 *     absent
 * @param interfaces names of the network interfaces to use; all that are up if absent. Loopback is
 *     used in any case
 * @param groups multicast addresses, IPv4 or IPv6; 239.255.52.17 and ff02::6272:6967 if absent,
 *     broadcast alone if empty
 */
public record UdpConfig(
    Optional<Integer> port,
    Optional<Duration> interval,
    Optional<List<String>> interfaces,
    Optional<List<String>> groups) {
  static final int DEFAULT_PORT = 52417;
  static final Duration DEFAULT_INTERVAL = Duration.ofMillis(1500);
  static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
  static final Duration LONGEST_INTERVAL = Duration.ofSeconds(60);
  // Administratively scoped (RFC 2365) and link-local (RFC 4291): neither crosses a router.
  static final List<String> DEFAULT_GROUPS = List.of("239.255.52.17", "ff02::6272:6967");

  public UdpConfig {
    port.ifPresent(UdpConfig::checkPort);
    interval.ifPresent(UdpConfig::checkInterval);
    interfaces = interfaces.map(List::copyOf);
    groups = groups.map(List::copyOf);
    groups.ifPresent(addresses -> addresses.forEach(UdpConfig::multicastAddress));
  }

  /** Every key at its default. */
  public static UdpConfig defaults() {
    return new UdpConfig(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  int effectivePort() {
    return port.orElse(DEFAULT_PORT);
  }

  Duration effectiveInterval() {
    return interval.orElse(DEFAULT_INTERVAL);
  }

  List<InetAddress> effectiveGroups() {
    return groups.orElse(DEFAULT_GROUPS).stream().map(UdpConfig::multicastAddress).toList();
  }

  boolean uses(String interfaceName) {
    return interfaces.map(names -> names.contains(interfaceName)).orElse(true);
  }

  private static void checkPort(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port: " + port + " is not within 1..65535");
    }
  }

  private static void checkInterval(Duration interval) {
    if (interval.compareTo(SHORTEST_INTERVAL) < 0 || interval.compareTo(LONGEST_INTERVAL) > 0) {
      throw new IllegalArgumentException(
          "interval: " + interval + " is not within 100 ms and 60 s");
    }
  }

  private static InetAddress multicastAddress(String text) {
    return AddressLiteral.parse(text)
        .filter(InetAddress::isMulticastAddress)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "groups: '" + text + "' is no multicast address such as 239.255.52.17"));
  }
}
