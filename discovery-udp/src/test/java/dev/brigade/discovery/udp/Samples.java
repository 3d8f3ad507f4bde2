package dev.brigade.discovery.udp;

import dev.brigade.spi.ClusterSecret;
import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.NodeId;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Values that tests start from. */
final class Samples {
  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  static final Duration INTERVAL = Duration.ofSeconds(1);

  private Samples() {}

  static Announcement node(String id, String host) {
    return new Announcement("home", 1, new NodeId(id), "käthe", new Endpoint(host, 52416));
  }

  static Beacon beacon(Announcement sender, long sequence) {
    return new Beacon(Beacon.Kind.HERE, sender, NOW, sequence, INTERVAL);
  }

  static Beacon goodbye(Announcement sender, long sequence) {
    return new Beacon(Beacon.Kind.GOODBYE, sender, NOW, sequence, INTERVAL);
  }

  static BeaconCodec codec(String secret) {
    return new BeaconCodec(new Seal(Optional.of(ClusterSecret.of(secret))));
  }

  static BeaconCodec codecWithoutSecret() {
    return new BeaconCodec(new Seal(Optional.empty()));
  }

  static InetAddress address(String literal) {
    return AddressLiteral.parse(literal).orElseThrow();
  }
}
