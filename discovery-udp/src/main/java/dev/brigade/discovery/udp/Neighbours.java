package dev.brigade.discovery.udp;

import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.NodeId;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The nodes heard, of which those that are still there are candidates. For one thread. */
final class Neighbours {
  private static final int MAX_NODES = 4096;
  // While a recorded beacon could still pass as fresh, its sender's window must not be forgotten.
  private static final Duration MEMORY = Gatekeeper.CLOCK_TOLERANCE.multipliedBy(2);

  private final Map<NodeId, Neighbour> nodes = new HashMap<>();

  /**
   * Takes in a beacon that may be believed.
   *
   * @return whether its sender has not been heard before
   */
  boolean hear(Beacon beacon, InetAddress from, Instant now) {
    NodeId id = beacon.sender().id();
    boolean isNew = !nodes.containsKey(id);
    if (isNew && nodes.size() >= MAX_NODES) {
      return false;
    }
    nodes.computeIfAbsent(id, any -> new Neighbour(beacon, now)).hear(beacon, from, now);
    return isNew;
  }

  /** The endpoints of those who are there. */
  Set<Endpoint> candidates(Instant now) {
    nodes.values().removeIf(node -> node.isSilentFor(MEMORY, now));
    return nodes.values().stream()
        .flatMap(node -> node.endpoint(now).stream())
        .collect(Collectors.toUnmodifiableSet());
  }
}
