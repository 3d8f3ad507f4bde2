package dev.brigade.discovery.tailscale;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.testkit.DiscoveryNode;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.VirtualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A tailnet of its own on loopback: a real control server, and real daemons in userspace
 * networking, each of which is a machine. They forward to loopback, so one open port there is open
 * on all.
 */
@EnabledIfEnvironmentVariable(
    named = "BRIGADE_TAILNET",
    matches = ".+",
    disabledReason = "BRIGADE_TAILNET names no folder with headscale, tailscaled and tailscale")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealTailnetTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  @TempDir private static Path folder;

  private final Path programs = Path.of(System.getenv("BRIGADE_TAILNET")).toAbsolutePath();
  private final VirtualTime time = new VirtualTime();
  private ControlServer control;
  private UserspaceDaemon here;
  private UserspaceDaemon worker;
  private UserspaceDaemon printer;
  private ServerSocket brigade;

  @BeforeAll
  void joinThreeMachines() throws IOException {
    control = new ControlServer(programs, folder);
    here = daemon("here");
    worker = daemon("worker");
    printer = daemon("printer");
    here.join(control);
    worker.join(control, "tag:brigade");
    printer.join(control, "tag:printer");
  }

  @AfterAll
  void stopThem() {
    // Those that came to be, if not all of them did.
    Stream.of(printer, worker, here).filter(Objects::nonNull).forEach(UserspaceDaemon::close);
    if (control != null) {
      control.close();
    }
  }

  @BeforeEach
  void openThePort() throws IOException {
    brigade = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Thread answering = new Thread(this::hangUpOnWhoeverConnects, "brigade");
    answering.setDaemon(true);
    answering.start();
  }

  private void hangUpOnWhoeverConnects() {
    while (!brigade.isClosed()) {
      try {
        brigade.accept().close();
      } catch (IOException e) {
        // Closed by the test, or the one connection failed.
      }
    }
  }

  @AfterEach
  void shutThePort() throws IOException {
    brigade.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"socks5", "http"})
  void machinesWithTheTagAreFoundByTheDaemonsSocketAndThroughItsProxy(String scheme) {
    try (DiscoveryNode node = start(bySocket(here, scheme, "tag:brigade"))) {
      awaitMachines(node, worker);
    }
  }

  @Test
  void withoutTagsEveryOtherMachineWhosePortIsOpenIsFound() throws IOException {
    try (DiscoveryNode node = start(bySocket(here, "socks5"))) {
      awaitMachines(node, worker, printer);
      brigade.close();
      awaitMachines(node);
    }
  }

  @Test
  void theCommandTellsWhatTheSocketTells() throws Exception {
    Tailnet bySocket = new LocalApi(here.socket(), INTERVAL).ask();
    assertThat(new StatusCommand(here.command(), INTERVAL).ask()).isEqualTo(bySocket);
    try (DiscoveryNode node =
        start(
            config(Optional.empty(), Optional.of(here.command()), here, "socks5", "tag:printer"))) {
      awaitMachines(node, printer);
    }
  }

  @Test
  void aMachineIsFollowedAsItComesAndMovesAndGoesAndComesBack() throws IOException {
    UserspaceDaemon guest = daemon("guest").join(control, "tag:brigade");
    try (DiscoveryNode node = start(bySocket(here, "socks5", "tag:brigade"))) {
      awaitMachines(node, worker, guest);

      String before = addressOf(guest);
      guest.ask("logout");
      control.forget("guest");
      guest.join(control, "tag:brigade");
      String after = addressOf(guest);
      assertThat(after).isNotEqualTo(before);
      awaitMachines(node, worker, guest);

      guest.close();
      time.advanceUntil("the guest to be offline", () -> !isOnline(after));
      awaitMachines(node, worker);

      guest = guest.again();
      guest.awaitConnected();
      assertThat(addressOf(guest)).isEqualTo(after);
      awaitMachines(node, worker, guest);
    } finally {
      guest.close();
    }
  }

  @Test
  void aDaemonThatIsNotConnectedIsReportedWithWhatToDo() throws IOException {
    try (UserspaceDaemon stranger = daemon("stranger");
        DiscoveryNode node = start(bySocket(stranger, "socks5", "tag:brigade"))) {
      awaitLine(node, WARNING, "Tailscale is logged out; run: tailscale up");
      stranger.join(control);
      awaitLine(node, INFO, "goes on");
      awaitMachines(node, worker);
      stranger.ask("down");
      awaitLine(node, WARNING, "Tailscale is stopped; run: tailscale up");
      awaitMachines(node);
    }
  }

  @Test
  void theRecordedAnswersAreLikeRealOnes() throws IOException {
    JsonNode real = JSON.readTree(here.ask("status", "--json"));
    JsonNode recorded = JSON.readTree(Statuses.running(Statuses.peer("2", "100.64.0.2", true, "")));
    assertLike(real, recorded);
    JsonNode recordedPeer = recorded.get("Peer").elements().next();
    real.get("Peer").forEach(peer -> assertLike(peer, recordedPeer));
    try (UserspaceDaemon stranger = daemon("loggedout")) {
      JsonNode realState = JSON.readTree(stranger.ask("status", "--json"));
      assertLike(realState, JSON.readTree(Statuses.inState("NeedsLogin", "")));
    }
  }

  /**
   * Every field of {@code recorded} is in {@code real}, and of the same type where both have one.
   */
  private static void assertLike(JsonNode real, JsonNode recorded) {
    recorded
        .properties()
        .forEach(
            field -> {
              assertThat(real.has(field.getKey())).as("real " + field.getKey()).isTrue();
              JsonNode there = real.get(field.getKey());
              JsonNode here = field.getValue();
              if (!there.isNull() && !here.isNull()) {
                assertThat(here.getNodeType()).as(field.getKey()).isEqualTo(there.getNodeType());
              }
              if (field.getKey().equals("Self")) {
                assertLike(there, here);
              }
            });
  }

  private UserspaceDaemon daemon(String name) throws IOException {
    return UserspaceDaemon.start(name, programs, folder);
  }

  private static String addressOf(UserspaceDaemon machine) {
    return machine.ask("ip", "-4").strip();
  }

  private boolean isOnline(String address) {
    try {
      return new LocalApi(here.socket(), INTERVAL)
          .ask().devices().stream()
              .filter(Device::online)
              .flatMap(device -> device.addresses().stream())
              .anyMatch(each -> each.getHostAddress().equals(address));
    } catch (TailscaleTrouble | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private TailscaleConfig bySocket(UserspaceDaemon asked, String scheme, String... tags) {
    return config(Optional.of(asked.socket()), Optional.empty(), asked, scheme, tags);
  }

  private TailscaleConfig config(
      Optional<Path> socket,
      Optional<Path> command,
      UserspaceDaemon asked,
      String scheme,
      String... tags) {
    return new TailscaleConfig(
        socket.map(Path::toString),
        command.map(Path::toString),
        Optional.empty(),
        Optional.of(List.of(tags)),
        Optional.of(INTERVAL),
        Optional.of(asked.proxy(scheme)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private DiscoveryNode start(TailscaleConfig config) {
    Endpoint own = new Endpoint("127.0.0.1", brigade.getLocalPort());
    return DiscoveryNode.start(
        new TailscaleDiscoveryProvider(),
        config,
        TestHost.builder().time(time).build(),
        new Announcement("test", 1, new NodeId("here"), "here", own));
  }

  private void awaitMachines(DiscoveryNode node, UserspaceDaemon... machines) {
    Endpoint[] expected =
        Arrays.stream(machines)
            .map(machine -> new Endpoint(addressOf(machine), node.self().endpoint().port()))
            .toArray(Endpoint[]::new);
    time.advanceUntil(Arrays.toString(expected), () -> node.reports().latestIs(expected));
  }

  private void awaitLine(DiscoveryNode node, System.Logger.Level level, String part) {
    time.advanceUntil(part, () -> !node.host().log().texts(level, part).isEmpty());
  }
}
