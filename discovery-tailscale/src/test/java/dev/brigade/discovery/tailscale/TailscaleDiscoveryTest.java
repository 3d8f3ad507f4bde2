package dev.brigade.discovery.tailscale;

import static dev.brigade.discovery.tailscale.Statuses.peer;
import static dev.brigade.discovery.tailscale.Statuses.running;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.NodeId;
import dev.brigade.testkit.DiscoveryNode;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.VirtualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TailscaleDiscoveryTest {
  private static final int PORT = 52416;
  private final VirtualTime time = new VirtualTime();
  private final SocksServer socks = new SocksServer();
  private final FakeDaemon daemon = new FakeDaemon(running());

  @AfterEach
  void closeServers() {
    socks.close();
    daemon.close();
  }

  @Test
  void onlyOnlineMachinesOfTheTagWithAnOpenPortAreCandidates() {
    List.of("100.64.0.2", "100.64.0.3", "100.64.0.4", "100.64.0.1").forEach(this::open);
    daemon.answer(
        running(
            peer("2", "100.64.0.2", true, "tag:brigade"),
            peer("3", "100.64.0.3", false, "tag:brigade"),
            peer("4", "100.64.0.4", true, ""),
            peer("5", "100.64.0.5", true, "tag:brigade")));
    try (DiscoveryNode node = start(config("tag:brigade"))) {
      awaitCandidates(node, "100.64.0.2:52416");
      assertThat(socks.tried()).contains(Endpoint.parse("100.64.0.5:52416"));
      assertThat(socks.tried()).extracting(Endpoint::host).doesNotContain("100.64.0.3");
      assertThat(socks.tried()).extracting(Endpoint::host).doesNotContain("100.64.0.4");
      assertThat(socks.tried()).extracting(Endpoint::host).doesNotContain("100.64.0.1");
    }
    assertThat(daemon.requests().get(0))
        .startsWith("GET /localapi/v0/status HTTP/1.1\r\n")
        .contains("Host: local-tailscaled.sock\r\n");
  }

  @Test
  void aChangedAddressAndAMachineThatGoesOfflineAreFollowed() {
    List.of("100.64.0.2", "100.64.0.7").forEach(this::open);
    daemon.answer(running(peer("2", "100.64.0.2", true, "")));
    try (DiscoveryNode node = start(config())) {
      awaitCandidates(node, "100.64.0.2:52416");
      daemon.answer(running(peer("2", "100.64.0.7", true, "")));
      awaitCandidates(node, "100.64.0.7:52416");
      daemon.answer(running(peer("2", "100.64.0.7", false, "")));
      awaitCandidates(node);
    }
  }

  @Test
  void aMachineThatIsReachedByIpv6AloneIsReportedByIt() {
    open("fd7a:115c:a1e0:0:0:0:0:2");
    daemon.answer(running(peer("2", "100.64.0.2", true, "")));
    try (DiscoveryNode node = start(config())) {
      awaitCandidates(node, "[fd7a:115c:a1e0:0:0:0:0:2]:52416");
    }
  }

  @Test
  void eachReasonWhyNobodyIsFoundIsLoggedOnceAndSaysWhatToDo() {
    open("100.64.0.2");
    daemon.answer(Statuses.inState("NeedsLogin", "https://login.example/a/1"));
    try (DiscoveryNode node = start(config())) {
      awaitWarning(node, "logged out; run: tailscale up, or visit https://login.example/a/1");
      time.pass(Duration.ofSeconds(20));
      assertThat(node.host().log().texts(WARNING, "")).hasSize(1);
      daemon.answer(Statuses.inState("Stopped", ""));
      awaitWarning(node, "Tailscale is stopped; run: tailscale up");
      daemon.answer("HTTP/1.1 403 Forbidden", "status access denied");
      awaitWarning(node, "sudo tailscale set --operator=");
      daemon.answer(running(peer("2", "100.64.0.2", true, "")));
      awaitCandidates(node, "100.64.0.2:52416");
      assertThat(node.host().log().texts(INFO, "goes on")).hasSize(1);
      daemon.close();
      awaitWarning(node, "neither the Tailscale daemon's socket nor the command");
      awaitCandidates(node);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void theCommandIsAskedWhereThereIsNoSocket(@TempDir Path folder) throws IOException {
    open("100.64.0.2");
    Path status = folder.resolve("status.json");
    Files.writeString(status, running(peer("2", "100.64.0.2", true, "")));
    Path command = folder.resolve("tailscale");
    Files.writeString(
        command, "#!/bin/sh\n[ \"$*\" = 'status --json' ] || exit 3\ncat '" + status + "'\n");
    Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
    Installation installation =
        new Installation(List.of(folder.resolve("none.sock")), List.of(command));
    try (DiscoveryNode node = start(installation, config())) {
      awaitCandidates(node, "100.64.0.2:52416");
      Files.writeString(command, "#!/bin/sh\necho 'failed to connect' >&2\nexit 1\n");
      awaitWarning(node, "exit code 1 (failed to connect); start Tailscale");
    }
  }

  @Test
  void theControlPlaneIsAskedWithItsKeyIfThereIsOne() throws IOException {
    List.of("100.64.0.2", "100.64.0.3").forEach(this::open);
    List<String> asked = new CopyOnWriteArrayList<>();
    String devices =
        """
        {"devices":[
          {"addresses":["100.64.0.1"],"hostname":"self","connectedToControl":true,
           "tags":["tag:brigade"]},
          {"addresses":["100.64.0.2","fd7a:115c:a1e0::2"],"hostname":"two",
           "tags":["tag:brigade"],"connectedToControl":true,"lastSeen":"2025-01-01T00:00:00Z"},
          {"addresses":["100.64.0.3"],"hostname":"three","tags":["tag:brigade"],
           "lastSeen":"2025-01-01T00:00:00Z"}]}
        """;
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer api = HttpServer.create(loopback, 0);
    api.createContext(
        "/",
        exchange -> {
          String key = exchange.getRequestHeaders().getFirst("Authorization");
          asked.add(exchange.getRequestURI() + " " + key);
          byte[] body = devices.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    api.start();
    String url = "http://127.0.0.1:" + api.getAddress().getPort();
    try (DiscoveryNode node = start(config(Optional.of(url), "tag:brigade"))) {
      awaitCandidates(node, "100.64.0.2:52416");
      assertThat(asked).containsOnly("/api/v2/tailnet/-/devices Bearer tskey-api-1");
      assertThat(socks.tried()).extracting(Endpoint::host).containsOnly("100.64.0.2");
    } finally {
      api.stop(0);
    }
  }

  @Test
  void withoutAProxyThePortIsTriedDirectly() throws IOException {
    daemon.answer(running(peer("2", "127.0.0.1", true, "")));
    ServerSocket brigade = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    try {
      String port = String.valueOf(brigade.getLocalPort());
      TailscaleConfig direct =
          new TailscaleConfig(
              Optional.of(daemon.socket().toString()),
              Optional.empty(),
              Optional.of(port),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty());
      try (DiscoveryNode node = start(direct)) {
        awaitCandidates(node, "127.0.0.1:" + port);
        brigade.close();
        awaitCandidates(node);
      }
    } finally {
      brigade.close();
    }
  }

  @Test
  void whereNeitherSocketNorCommandIsThereTheProviderSaysSo(@TempDir Path folder) {
    Installation nothing = new Installation(List.of(folder.resolve("no.sock")), List.of(folder));
    TailscaleDiscoveryProvider provider = new TailscaleDiscoveryProvider(nothing);
    assertThat(provider.unavailable().orElseThrow()).contains("neither", "install Tailscale");
    assertThat(provider.unavailable(TailscaleConfig.defaults())).isPresent();
    Optional<String> key = Optional.of("http://127.0.0.1:1");
    assertThat(provider.unavailable(config(key))).isEmpty();
  }

  private void open(String address) {
    socks.open(new Endpoint(address, PORT));
  }

  private TailscaleConfig config(String... tags) {
    return config(Optional.empty(), tags);
  }

  private TailscaleConfig config(Optional<String> api, String... tags) {
    return new TailscaleConfig(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(List.of(tags)),
        Optional.of(Duration.ofSeconds(2)),
        Optional.of(socks.url()),
        Optional.of("tskey-api-1").filter(key -> api.isPresent()),
        api,
        Optional.empty());
  }

  private DiscoveryNode start(TailscaleConfig config) {
    return start(new Installation(List.of(daemon.socket()), List.of()), config);
  }

  private DiscoveryNode start(Installation installation, TailscaleConfig config) {
    Announcement announcement =
        new Announcement("test", 1, new NodeId("self"), "self", new Endpoint("0.0.0.0", PORT));
    TestHost host = TestHost.builder().time(time).build();
    return DiscoveryNode.start(
        new TailscaleDiscoveryProvider(installation), config, host, announcement);
  }

  private void awaitCandidates(DiscoveryNode node, String... expected) {
    Endpoint[] endpoints = Arrays.stream(expected).map(Endpoint::parse).toArray(Endpoint[]::new);
    time.advanceUntil(String.join(", ", expected), () -> node.reports().latestIs(endpoints));
  }

  private void awaitWarning(DiscoveryNode node, String part) {
    time.advanceUntil(part, () -> !node.host().log().texts(WARNING, part).isEmpty());
  }
}
