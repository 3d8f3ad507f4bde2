package dev.brigade.testkit;

import static java.lang.System.Logger.Level.INFO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.discovery.Discovery;
import dev.brigade.spi.discovery.DiscoveryProvider;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What every discovery must do: the numbered rules of {@link Discovery}. A plugin's test extends
 * this with its provider and a config by which nodes of this process find each other.
 *
 * <p>All nodes live in one {@link VirtualTime}, which a test moves until what it waits for has
 * happened; a discovery that takes time and timers from its host need not be told of it.
 *
 * @param <C> the discovery's configuration
 */
public abstract class DiscoveryContract<C extends Record> {
  /** Where the node under test listens. */
  protected static final Endpoint SELF = new Endpoint("127.0.0.1", 7001);

  /** Where a node to be found listens. */
  protected static final Endpoint FIRST = new Endpoint("127.0.0.1", 7002);

  /** Where another node to be found listens. */
  protected static final Endpoint SECOND = new Endpoint("127.0.0.1", 7003);

  private static final int PROTOCOL = 1;

  /** The time of all nodes. */
  protected final VirtualTime time = new VirtualTime();

  // Others may run the same test on the same network at the same time.
  private final String cluster = "contract-" + UUID.randomUUID();
  private final List<DiscoveryNode> nodes = new ArrayList<>();

  /** Makes the discovery that is tested. */
  protected abstract DiscoveryProvider<C> provider();

  /** A config by which nodes in this process find each other; the same for all nodes of a test. */
  protected abstract C config();

  /**
   * Whether nodes are known by what they announce themselves. If false, {@link #appear} and {@link
   * #vanish} must be overridden.
   */
  protected boolean hearsNodes() {
    return true;
  }

  /** Makes a node that listens at {@code endpoint} findable: it runs the same discovery. */
  protected void appear(Endpoint endpoint) {
    start(host(), announcement(cluster, PROTOCOL, endpoint));
  }

  /** Makes the node that listens at {@code endpoint} leave in good order. */
  protected void vanish(Endpoint endpoint) {
    node(endpoint).close();
  }

  /** Makes the node that listens at {@code endpoint} hang without a word. */
  protected void hang(Endpoint endpoint) {
    if (hearsNodes()) {
      node(endpoint).host().freeze();
    } else {
      vanish(endpoint);
    }
  }

  @AfterEach
  final void closeNodes() {
    nodes.forEach(DiscoveryNode::close);
  }

  @Test
  protected void theProviderIsFoundByItsServiceFile() {
    List<Class<?>> found = new ArrayList<>();
    ServiceLoader.load(DiscoveryProvider.class).forEach(p -> found.add(p.getClass()));
    assertThat(found).contains(provider().getClass());
    assertThat(provider().name()).matches("[a-z][a-z0-9-]*");
    assertThat(provider().unavailable()).isEmpty();
    assertThat(config()).isInstanceOf(provider().configType());
  }

  @Test
  protected void startReturnsAtOnceAndReportsFromAThreadOfItsOwn() {
    CountDownLatch startReturned = new CountDownLatch(1);
    CompletableFuture<Boolean> reportCouldWait = new CompletableFuture<>();
    CompletableFuture<Thread> reporter = new CompletableFuture<>();
    TestHost host = host();
    Discovery discovery = provider().create(config(), host);
    try (host;
        discovery) {
      discovery.start(
          announcement(cluster, PROTOCOL, SELF),
          candidates -> {
            reporter.complete(Thread.currentThread());
            reportCouldWait.complete(await(startReturned));
          });
      startReturned.countDown();
      time.advanceUntil("a first report", reportCouldWait::isDone);
    }
    assertThat(reportCouldWait).isCompletedWithValue(true);
    assertThat(reporter).isCompletedWithValueMatching(thread -> thread != Thread.currentThread());
  }

  @Test
  protected void aNodeThatIsAloneReportsNobody() {
    DiscoveryNode self = startSelf();
    time.advanceUntil("a first report", () -> !self.reports().all().isEmpty());
    time.pass(Duration.ofSeconds(5));
    assertThat(self.reports().all()).singleElement().satisfies(s -> assertThat(s).isEmpty());
  }

  @Test
  protected void everyReportIsTheWholeSetAndAChange() {
    DiscoveryNode self = startSelf();
    appear(FIRST);
    time.advanceUntil("the first node", () -> self.reports().latestIs(FIRST));
    appear(SECOND);
    time.advanceUntil("both nodes", () -> self.reports().latestIs(FIRST, SECOND));
    vanish(FIRST);
    time.advanceUntil("the second node", () -> self.reports().latestIs(SECOND));

    List<Set<Endpoint>> reports = self.reports().all();
    assertThat(reports).allSatisfy(report -> assertThat(report).doesNotContain(SELF));
    for (int i = 1; i < reports.size(); i++) {
      assertThat(reports.get(i)).isNotEqualTo(reports.get(i - 1));
    }
    assertThat(self.reports().threads()).doesNotContain(Thread.currentThread());
  }

  @Test
  protected void aNodeThatHangsIsDropped() {
    DiscoveryNode self = startSelf();
    appear(FIRST);
    time.advanceUntil("the node", () -> self.reports().latestIs(FIRST));
    hang(FIRST);
    time.advanceUntil("the node to be dropped", () -> self.reports().latestIs());
  }

  @Test
  protected void aNodeOfAnotherClusterIsIgnoredWithOneLogLine() {
    staysUnreported(host(), announcement(cluster + "-other", PROTOCOL, FIRST));
  }

  @Test
  protected void aNodeOfAnotherProtocolIsIgnoredWithOneLogLine() {
    staysUnreported(host(), announcement(cluster, PROTOCOL + 1, FIRST));
  }

  @Test
  protected void aNodeWithAnotherSecretIsIgnoredWithOneLogLine() {
    TestHost stranger = TestHost.builder().cluster(cluster).time(time).secret("wrong").build();
    staysUnreported(stranger, announcement(cluster, PROTOCOL, FIRST));
  }

  @Test
  protected void aNodeWithoutTheSecretIsIgnoredWithOneLogLine() {
    TestHost stranger = TestHost.builder().cluster(cluster).time(time).build();
    staysUnreported(stranger, announcement(cluster, PROTOCOL, FIRST));
  }

  @Test
  protected void nothingIsReportedAfterCloseWhichMayBeCalledTwice() {
    DiscoveryNode self = startSelf();
    time.advanceUntil("a first report", () -> !self.reports().all().isEmpty());
    self.discovery().close();
    int reports = self.reports().all().size();
    appear(FIRST);
    time.pass(Duration.ofSeconds(5));
    self.discovery().close();
    assertThat(self.reports().all()).hasSize(reports);
  }

  @Test
  protected void whatWasNeverStartedCanBeClosed() {
    try (TestHost host = host()) {
      Discovery discovery = provider().create(config(), host);
      discovery.close();
      discovery.close();
    }
  }

  // A discovery that does not hear nodes has nobody to log: that one only runs it is not enough.
  private void staysUnreported(TestHost strangersHost, Announcement stranger) {
    DiscoveryNode self = startSelf();
    start(strangersHost, stranger);
    appear(SECOND);
    time.advanceUntil("the friend", () -> self.reports().latestIs(SECOND));
    String id = stranger.id().value();
    if (hearsNodes()) {
      time.advanceUntil("a log line", () -> !self.host().log().texts(INFO, id).isEmpty());
    }
    time.pass(Duration.ofSeconds(5));
    assertThat(self.host().log().texts(INFO, id)).hasSize(hearsNodes() ? 1 : 0);
    assertThat(self.reports().all()).allSatisfy(r -> assertThat(r).doesNotContain(FIRST));
  }

  private DiscoveryNode startSelf() {
    return start(host(), announcement(cluster, PROTOCOL, SELF));
  }

  private DiscoveryNode start(TestHost host, Announcement self) {
    DiscoveryNode node = DiscoveryNode.start(provider(), config(), host, self);
    nodes.add(node);
    return node;
  }

  private DiscoveryNode node(Endpoint endpoint) {
    Optional<DiscoveryNode> found =
        nodes.stream().filter(node -> node.self().endpoint().equals(endpoint)).findFirst();
    return found.orElseThrow(() -> new IllegalStateException("no node listens at " + endpoint));
  }

  private TestHost host() {
    return TestHost.builder().cluster(cluster).time(time).secret("contract").build();
  }

  private static Announcement announcement(String cluster, int protocol, Endpoint endpoint) {
    NodeId id = new NodeId(UUID.randomUUID().toString());
    return new Announcement(cluster, protocol, id, "node-" + endpoint.port(), endpoint);
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
