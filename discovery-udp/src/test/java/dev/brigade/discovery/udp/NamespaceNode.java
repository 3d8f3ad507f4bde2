package dev.brigade.discovery.udp;

import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.testkit.TestHost;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A node in a process of its own: prints each report as a line, ends with its input. */
final class NamespaceNode {
  private NamespaceNode() {}

  public static void main(String[] args) throws IOException {
    UdpConfig config =
        new UdpConfig(
            Optional.empty(),
            Optional.of(Duration.ofMillis(300)),
            Optional.empty(),
            Optional.empty());
    Announcement self =
        new Announcement("home", 1, new NodeId(args[0]), args[0], new Endpoint("0.0.0.0", 7001));
    try (TestHost host = TestHost.builder().secret("s").build();
        UdpDiscovery discovery = new UdpDiscovery(config, host)) {
      discovery.start(self, System.out::println);
      while (System.in.read() >= 0) {
        // whoever started this process ends it by closing its input
      }
    }
  }
}
