package dev.brigade.discovery.udp;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.testkit.DiscoveryNode;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.VirtualTime;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UdpDiscoveryTest {
  private static final String LOOPBACK = "127.255.255.255";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private final VirtualTime time = new VirtualTime();
  private final UdpConfig config = TestPort.config();
  private final int port = config.effectivePort();
  private final List<DiscoveryNode> nodes = new ArrayList<>();

  @AfterEach
  void closeNodes() {
    nodes.forEach(DiscoveryNode::close);
  }

  @Test
  void fiveNodesOfOneMachineFindEachOtherOnOnePort() {
    for (int i = 1; i <= 5; i++) {
      start("home", i);
    }
    for (DiscoveryNode node : nodes) {
      Endpoint[] others =
          nodes.stream()
              .filter(other -> other != node)
              .map(other -> other.self().endpoint())
              .map(endpoint -> new Endpoint("127.0.0.1", endpoint.port()))
              .toArray(Endpoint[]::new);
      time.advanceUntil("all to be found", () -> node.reports().latestIs(others));
    }
  }

  @Test
  void twoClustersOnOneNetworkFormApart() {
    DiscoveryNode home = start("home", 1);
    DiscoveryNode office = start("office", 2);
    start("home", 3);
    start("office", 4);
    time.advanceUntil("home", () -> home.reports().latestIs(loopback(3)));
    time.advanceUntil("office", () -> office.reports().latestIs(loopback(4)));
    time.pass(Duration.ofSeconds(5));
    assertThat(home.host().log().texts(INFO, "belongs to cluster 'office'")).hasSize(2);
    assertThat(home.reports().all())
        .allSatisfy(report -> assertThat(report).isSubsetOf(loopback(3)));
  }

  @Test
  void aGoodbyeDropsANodeWithoutWaiting() throws InterruptedException {
    CountDownLatch found = new CountDownLatch(1);
    CountDownLatch dropped = new CountDownLatch(1);
    DiscoveryNode leaver = start("home", 2);
    try (TestHost host = host("home");
        UdpDiscovery discovery = new UdpDiscovery(config, host)) {
      discovery.start(
          announcement("home", 1),
          candidates -> {
            if (candidates.isEmpty() && found.getCount() == 0) {
              dropped.countDown();
            } else if (!candidates.isEmpty()) {
              found.countDown();
            }
          });
      time.advanceUntil("the node", () -> found.getCount() == 0);
      leaver.close(); // from here on time stands still
      assertThat(dropped.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aRecordedBeaconDoesNotBringALostNodeBack() throws IOException {
    try (RawSocket eavesdropper = RawSocket.listening(port)) {
      DiscoveryNode lost = start("home", 2);
      final byte[] recorded = eavesdropper.record(PATIENCE);
      DiscoveryNode self = start("home", 1);
      time.advanceUntil("the node", () -> self.reports().latestIs(loopback(2)));
      lost.host().freeze();
      time.advanceUntil("the node to be dropped", () -> self.reports().latestIs());
      for (int i = 0; i < 20; i++) {
        eavesdropper.send(recorded, LOOPBACK);
      }
      start("home", 3);
      time.advanceUntil("a third", () -> self.reports().latestIs(loopback(3)));
      time.advance(
          Gatekeeper.CLOCK_TOLERANCE.multipliedBy(3)); // it is forgotten, the beacon is stale
      eavesdropper.send(recorded, LOOPBACK);
      time.advanceUntil(
          "a log line", () -> !self.host().log().texts(WARNING, "someone replays").isEmpty());
      assertThat(self.reports().all()).filteredOn(r -> r.contains(loopback(2))).hasSize(1);
    }
  }

  @Test
  void garbageOnThePortDoesNotDeafenANode() throws IOException {
    Random random = new Random(1);
    DiscoveryNode self;
    try (RawSocket vandal = RawSocket.listening(port)) {
      self = start("home", 1);
      byte[] genuine = vandal.record(PATIENCE);
      for (int i = 0; i < 2000; i++) {
        byte[] garbage = i % 2 == 0 ? new byte[random.nextInt(1500)] : genuine.clone();
        for (int j = 0; j < garbage.length; j += 1 + random.nextInt(20)) {
          garbage[j] = (byte) random.nextInt();
        }
        vandal.send(garbage, LOOPBACK);
      }
    }
    start("home", 2);
    time.advanceUntil("a friend", () -> self.reports().latestIs(loopback(2)));
  }

  @Test
  void withoutASecretOnlyLoopbackIsHeard() throws IOException {
    TestHost open = TestHost.builder().cluster("home").time(time).build();
    DiscoveryNode self = start(open, announcement("home", 1));
    time.advanceUntil("a first report", () -> !self.reports().all().isEmpty());
    NetworkInterface lan = externalInterface();
    InetAddress own =
        lan.inetAddresses().filter(a -> a instanceof Inet4Address).findFirst().orElseThrow();
    try (RawSocket outside = RawSocket.at(own, lan, port);
        RawSocket inside = RawSocket.listening(port)) {
      outside.send(unsealed(2), UdpConfig.DEFAULT_GROUPS.get(0));
      outside.send(unsealed(2), own.getHostAddress());
      inside.send(unsealed(3), LOOPBACK);
      time.advanceUntil("the node inside", () -> self.reports().latestIs(loopback(3)));
      assertThat(self.reports().all()).allSatisfy(r -> assertThat(r).isSubsetOf(loopback(3)));
    }
  }

  @Test
  void aPortThatIsTakenIsLoggedOnceAndTriedAgain() throws IOException {
    DiscoveryNode self;
    try (DatagramSocket selfish = new DatagramSocket(port)) {
      assertThat(selfish.isBound()).isTrue();
      self = start("home", 1);
      time.pass(Duration.ofSeconds(6));
      assertThat(self.host().log().texts(WARNING, "on port " + port)).hasSize(1);
    }
    start("home", 2);
    time.advanceUntil("the other", () -> self.reports().latestIs(loopback(2)));
  }

  private byte[] unsealed(int number) {
    Beacon beacon =
        new Beacon(
            Beacon.Kind.HERE,
            announcement("home", number),
            time.clock().instant(),
            1,
            Samples.INTERVAL);
    return Samples.codecWithoutSecret().encode(beacon);
  }

  private static NetworkInterface externalInterface() throws IOException {
    Optional<Lan> lan =
        Lan.scan(any -> true).stream()
            .filter(found -> !found.loopback() && !found.broadcasts().isEmpty())
            .findFirst();
    assumeTrue(lan.isPresent(), "this machine has no network but loopback");
    return lan.get().device();
  }

  private DiscoveryNode start(String cluster, int number) {
    return start(host(cluster), announcement(cluster, number));
  }

  private DiscoveryNode start(TestHost host, Announcement self) {
    DiscoveryNode node = DiscoveryNode.start(new UdpDiscoveryProvider(), config, host, self);
    nodes.add(node);
    return node;
  }

  private TestHost host(String cluster) {
    return TestHost.builder().cluster(cluster).time(time).secret("secret of " + cluster).build();
  }

  private static Announcement announcement(String cluster, int number) {
    NodeId id = new NodeId(cluster + "-" + number);
    return new Announcement(cluster, 1, id, "n" + number, new Endpoint("0.0.0.0", 7000 + number));
  }

  private static Endpoint loopback(int number) {
    return new Endpoint("127.0.0.1", 7000 + number);
  }
}
