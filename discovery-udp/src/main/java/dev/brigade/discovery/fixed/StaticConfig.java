package dev.brigade.discovery.fixed;

import dev.brigade.spi.transport.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which peers there might be.
 *
 * @param peers each {@code host:port}, the host an address or a name that stands for one or many
 * @param refresh how often names are asked for again, 1 s to 1 h; 10 s if absent. The JVM itself
 *     keeps answers for 30 s unless {@code networkaddress.cache.ttl} says otherwise; the command
 *     {@code brigade} has it keep them for 5 s
 */
public record StaticConfig(List<String> peers, Optional<Duration> refresh) {
  private static final Duration DEFAULT_REFRESH = Duration.ofSeconds(10);
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  public StaticConfig {
    peers = List.copyOf(peers);
    peers.forEach(StaticConfig::endpoint);
    refresh.ifPresent(StaticConfig::checkRefresh);
  }

  List<Endpoint> endpoints() {
    return peers.stream().map(StaticConfig::endpoint).distinct().toList();
  }

  Duration effectiveRefresh() {
    return refresh.orElse(DEFAULT_REFRESH);
  }

  private static Endpoint endpoint(String peer) {
    try {
      return Endpoint.parse(peer);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "peers: '" + peer + "' is not host:port such as 10.0.0.7:52416: " + e.getMessage(), e);
    }
  }

  private static void checkRefresh(Duration refresh) {
    if (refresh.compareTo(SHORTEST) < 0 || refresh.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("refresh: " + refresh + " is not within 1 s and 1 h");
    }
  }
}
