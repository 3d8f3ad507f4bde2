package dev.brigade.discovery.fixed;

import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.testkit.TestHost;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A node in a process of its own: prints each report as a line, ends with its input. */
final class ResolvingNode {
  private ResolvingNode() {}

  public static void main(String[] peers) throws IOException {
    StaticConfig config = new StaticConfig(List.of(peers), Optional.of(Duration.ofSeconds(1)));
    Announcement self =
        new Announcement("home", 1, new NodeId("n"), "n", new Endpoint("127.0.0.1", 52416));
    try (TestHost host = TestHost.create();
        StaticDiscovery discovery = new StaticDiscovery(config, host, Resolver.system())) {
      discovery.start(self, ResolvingNode::print);
      while (System.in.read() >= 0) {
        // whoever started this process ends it by closing its input
      }
    }
  }

  private static void print(Set<Endpoint> candidates) {
    System.out.println(
        candidates.stream()
            .map(Endpoint::toString)
            .sorted()
            .collect(Collectors.joining(" ", "found ", "")));
  }
}
