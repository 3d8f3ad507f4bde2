package dev.brigade.discovery.fixed;

import static java.lang.System.Logger.Level.INFO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.testkit.DiscoveryNode;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.VirtualTime;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StaticDiscoveryTest {
  private static final Duration REFRESH = Duration.ofSeconds(2);
  private final VirtualTime time = new VirtualTime();
  private final NameServer names = new NameServer();

  @Test
  void allAddressesOfANameAreCandidatesAndFollowIt() {
    names.put("brigade.svc", "10.0.0.1", "10.0.0.2", "fd00::3");
    try (DiscoveryNode node = start("0.0.0.0:1", "brigade.svc:52416")) {
      awaitCandidates(node, "10.0.0.1:52416", "10.0.0.2:52416", "[fd00:0:0:0:0:0:0:3]:52416");
      names.put("brigade.svc", "10.0.0.2", "10.0.0.4");
      awaitCandidates(node, "10.0.0.2:52416", "10.0.0.4:52416");
      assertThat(names.askers()).doesNotContain(Thread.currentThread());
    }
  }

  @Test
  void anUnresolvableNameIsLoggedOncePerChangeAndTriedAgain() {
    try (DiscoveryNode node = start("0.0.0.0:1", "late.example:52416", "10.0.0.7:52416")) {
      awaitCandidates(node, "10.0.0.7:52416");
      time.pass(REFRESH.multipliedBy(5));
      assertThat(node.host().log().texts(INFO, "late.example:52416")).hasSize(1);
      names.put("late.example", "10.0.0.8");
      awaitCandidates(node, "10.0.0.7:52416", "10.0.0.8:52416");
      assertThat(node.host().log().texts(INFO, "late.example:52416")).hasSize(2);
    }
  }

  @Test
  void aNameServerThatIsAwayForAMomentTakesNoCandidateWithIt() {
    names.put("a.example", "10.0.0.8");
    names.put("b.example", "10.0.0.9");
    try (DiscoveryNode node = start("0.0.0.0:1", "a.example:52416", "b.example:52416")) {
      awaitCandidates(node, "10.0.0.8:52416", "10.0.0.9:52416");
      names.remove("a.example");
      time.advanceUntil(
          "a failure", () -> !node.host().log().texts(INFO, "a.example:52416").isEmpty());
      names.put("b.example", "10.0.0.10");
      awaitCandidates(node, "10.0.0.8:52416", "10.0.0.10:52416");
      awaitCandidates(node, "10.0.0.10:52416");
    }
  }

  @Test
  void aNodeRecognisesItselfInTheList() {
    names.put("self.example", "10.0.0.5");
    names.put("everyone.example", "10.0.0.5", "10.0.0.6");
    try (DiscoveryNode byName = start("self.example:52416", "everyone.example:52416");
        DiscoveryNode byAddress = start("10.0.0.5:52416", "everyone.example:52416");
        DiscoveryNode everywhere = start("0.0.0.0:52416", "127.0.0.1:52416", "127.0.0.1:52418")) {
      awaitCandidates(byName, "10.0.0.6:52416");
      awaitCandidates(byAddress, "10.0.0.6:52416");
      awaitCandidates(everywhere, "127.0.0.1:52418");
    }
  }

  @Test
  void aNameServerThatDoesNotAnswerHoldsUpNeitherStartNorClose() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Resolver slow =
        host -> {
          asked.countDown();
          awaitUninterrupted(closed);
          return List.of(InetAddress.getByName("10.0.0.7"));
        };
    DiscoveryNode node = start(slow, "0.0.0.0:1", "slow.example:52416");
    asked.await();
    node.close();
    closed.countDown();
    time.pass(REFRESH.multipliedBy(2));
    assertThat(node.reports().all()).isEmpty();
  }

  private DiscoveryNode start(String self, String... peers) {
    return start(names, self, peers);
  }

  private DiscoveryNode start(Resolver resolver, String self, String... peers) {
    StaticConfig config = new StaticConfig(List.of(peers), Optional.of(REFRESH));
    Announcement announcement =
        new Announcement("test", 1, new NodeId("self"), "self", Endpoint.parse(self));
    TestHost host = TestHost.builder().time(time).build();
    return DiscoveryNode.start(new StaticDiscoveryProvider(resolver), config, host, announcement);
  }

  private void awaitCandidates(DiscoveryNode node, String... expected) {
    Endpoint[] endpoints = Arrays.stream(expected).map(Endpoint::parse).toArray(Endpoint[]::new);
    time.advanceUntil(String.join(", ", expected), () -> node.reports().latestIs(endpoints));
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
