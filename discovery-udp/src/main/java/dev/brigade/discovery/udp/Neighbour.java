package dev.brigade.discovery.udp;

import dev.brigade.spi.transport.Endpoint;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One other node: when and from where it was heard.
 *
 * <p>It is heard over several addresses. If it does not say where it listens, the one that counts
 * is loopback if it is heard there (then it is on this machine), else IPv4, else routable IPv6,
 * else link-local IPv6; among equals the one heard first, for as long as it is heard.
 */
final class Neighbour {
  private static final int MAX_ADDRESSES = 16;
  private static final int MISSED_INTERVALS = 3;
  private static final Duration OVERTAKING = Duration.ofMillis(250);
  private static final Duration SLACK = Duration.ofMillis(500);

  private final ReplayWindow window = new ReplayWindow();
  private final Map<InetAddress, Instant> heardFrom =
      new LinkedHashMap<>(); // in order of the first
  private Beacon latest;
  private Instant lastHeard;
  private boolean gone;

  Neighbour(Beacon first, Instant now) {
    latest = first;
    lastHeard = now;
  }

  /**
   * Takes in a beacon, unless it is a replay, or follows a goodbye: ids are never used again. A
   * beacon that was overtaken counts only right after the one that overtook it, so that recorded
   * ones, even those that never arrived here, cannot keep a node alive that is not.
   */
  void hear(Beacon beacon, InetAddress from, Instant now) {
    boolean overtaken = beacon.sequence() < latest.sequence();
    if (gone || (overtaken && isSilentFor(OVERTAKING, now)) || !window.accept(beacon.sequence())) {
      return;
    }
    if (!overtaken) {
      latest = beacon;
      lastHeard = now;
      gone = beacon.kind() == Beacon.Kind.GOODBYE;
    }
    if (heardFrom.containsKey(from) || heardFrom.size() < MAX_ADDRESSES) {
      heardFrom.put(from, now);
    }
  }

  /** Whether nothing has been heard for {@code silence}. */
  boolean isSilentFor(Duration silence, Instant now) {
    return Duration.between(lastHeard, now).compareTo(silence) > 0;
  }

  /** Where it listens, as far as is known; empty once it has left or fallen silent. */
  Optional<Endpoint> endpoint(Instant now) {
    Duration patience = latest.interval().multipliedBy(MISSED_INTERVALS).plus(SLACK);
    heardFrom.values().removeIf(at -> Duration.between(at, now).compareTo(patience) > 0);
    if (gone || heardFrom.isEmpty()) {
      return Optional.empty();
    }
    Endpoint announced = latest.sender().endpoint();
    if (!AddressLiteral.saysNothing(announced.host())) {
      return Optional.of(announced);
    }
    InetAddress best = null;
    for (InetAddress address : heardFrom.keySet()) {
      if (best == null || rank(address) < rank(best)) {
        best = address;
      }
    }
    return Optional.of(new Endpoint(host(best, announced), announced.port()));
  }

  private static int rank(InetAddress address) {
    if (address.isLoopbackAddress()) {
      return 0;
    }
    if (address instanceof Inet4Address) {
      return 1;
    }
    return address.isLinkLocalAddress() ? 3 : 2;
  }

  // Which loopback is up to the transport's socket, not to the way that its beacon came.
  private static String host(InetAddress address, Endpoint announced) {
    if (!address.isLoopbackAddress()) {
      return address.getHostAddress();
    }
    boolean onlyIpv6 =
        AddressLiteral.parse(announced.host())
            .filter(a -> a.isLoopbackAddress() && a instanceof Inet6Address)
            .isPresent();
    return onlyIpv6 ? "::1" : "127.0.0.1";
  }
}
