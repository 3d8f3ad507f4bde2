package dev.brigade.discovery.tailscale;

import dev.brigade.discovery.tailscale.Knocker.Door;
import dev.brigade.spi.transport.Endpoint;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses the doors to knock at.
 *
 * @param own where this node's transport listens
 * @param ports of Brigade on other machines
 * @param tags one of which a machine must have
 */
record Candidates(Endpoint own, List<Integer> ports, Set<String> tags) {

  Set<Door> doors(List<Tailnet> known) {
    Set<InetAddress> mine = new HashSet<>();
    known.forEach(tailnet -> mine.addAll(tailnet.own()));
    Set<Door> doors = new HashSet<>();
    for (Tailnet tailnet : known) {
      for (Device device : tailnet.devices()) {
        if (device.online() && device.hasOneOf(tags) && !isSelf(device, mine)) {
          ports.forEach(port -> addDoor(device, port, doors));
        }
      }
    }
    return doors;
  }

  private void addDoor(Device device, int port, Set<Door> doors) {
    List<InetAddress> others =
        device.addresses().stream()
            .filter(address -> port != own.port() || !address.getHostAddress().equals(own.host()))
            .toList();
    if (!others.isEmpty()) {
      doors.add(new Door(others, port));
    }
  }

  private static boolean isSelf(Device device, Set<InetAddress> mine) {
    return device.addresses().stream()
        .anyMatch(address -> mine.contains(address) || isOfThisMachine(address));
  }

  // A source that does not know which machine this is lists it too.
  private static boolean isOfThisMachine(InetAddress address) {
    try {
      return !address.isLoopbackAddress() && NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
