package dev.brigade.discovery.udp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One network interface that is up, as it was when looked at.
 *
 * @param addresses its own
 * @param broadcasts where a datagram goes to all hosts of its IPv4 networks
 */
record Lan(
    NetworkInterface device,
    String name,
    int index,
    boolean loopback,
    boolean multicast,
    List<InetAddress> addresses,
    List<InetAddress> broadcasts) {

  /**
   * Whether datagrams to {@code group} can work here. Linux' loopback claims no multicast, yet has
   * it for IPv4; for IPv6 it lacks the route.
   */
  boolean carries(InetAddress group) {
    boolean ipv4 = group instanceof Inet4Address;
    return (ipv4 || multicast)
        && addresses.stream().anyMatch(own -> own instanceof Inet4Address == ipv4);
  }

  /** Those that are up and wanted, loopback first. Takes milliseconds. */
  static List<Lan> scan(Predicate<NetworkInterface> wanted) throws SocketException {
    try (Stream<NetworkInterface> devices = NetworkInterface.networkInterfaces()) {
      return devices
          .filter(wanted)
          .flatMap(device -> look(device).stream())
          .sorted(Comparator.comparing((Lan lan) -> !lan.loopback).thenComparing(Lan::index))
          .toList();
    }
  }

  // An interface may go away while it is looked at; then it is not there.
  private static Optional<Lan> look(NetworkInterface device) {
    try {
      if (!device.isUp()) {
        return Optional.empty();
      }
      boolean loopback = device.isLoopback();
      List<InterfaceAddress> own = device.getInterfaceAddresses();
      return Optional.of(
          new Lan(
              device,
              device.getName(),
              device.getIndex(),
              loopback,
              device.supportsMulticast(),
              own.stream().map(InterfaceAddress::getAddress).toList(),
              loopback ? List.of(loopbackBroadcast()) : broadcasts(own)));
    } catch (SocketException e) {
      return Optional.empty();
    }
  }

  private static List<InetAddress> broadcasts(List<InterfaceAddress> own) {
    return own.stream()
        .filter(address -> address.getAddress() instanceof Inet4Address)
        .map(InterfaceAddress::getBroadcast)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  // The kernel names none for loopback, yet this one reaches every socket of the machine.
  private static InetAddress loopbackBroadcast() {
    return AddressLiteral.parse("127.255.255.255").orElseThrow();
  }
}
