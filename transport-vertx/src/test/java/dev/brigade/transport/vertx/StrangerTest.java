package dev.brigade.transport.vertx;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.transport.Lane;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.TransportMember;
import dev.brigade.transport.vertx.tls.ClusterTls;
import dev.brigade.transport.vertx.tls.Credulous;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;

class StrangerTest {
  private static final VertxTransportConfig CONFIG =
      new VertxTransportConfig(Optional.empty(), Optional.of(0), Optional.empty());

  @Test
  void garbageOnTheListeningPortDoesNoHarm() throws Exception {
    try (TestHost host = TestHost.builder().secret("s").build();
        TransportMember a =
            TransportMember.bind("a", new VertxTransportProvider().create(CONFIG, host));
        TransportMember b =
            TransportMember.bind("b", new VertxTransportProvider().create(CONFIG, host))) {
      a.start(Set::of).awaitMembers(a);
      for (int i = 1; i < 20; i++) {
        byte[] garbage = new byte[i * 1000];
        new Random(i).nextBytes(garbage);
        try (Socket stranger = new Socket(a.endpoint().host(), a.endpoint().port());
            OutputStream out = stranger.getOutputStream()) {
          out.write(garbage);
        } catch (java.io.IOException hungUp) {
          assertThat(garbage).as("a stranger who has said something").isNotEmpty();
        }
      }

      b.start(() -> Set.of(a.endpoint()));

      a.awaitMembers(a, b);
      b.awaitMembers(a, b);
      assertThat(a.ask(b, TransportMember.message(Lane.CONTROL, "hello")).kind()).isEqualTo("test");
      assertThat(host.log().texts(System.Logger.Level.WARNING, "does not speak")).hasSize(1);
    }
  }

  @Test
  void strangersWhoSayNothingHoldUpNobody() throws Exception {
    List<Socket> silent = new ArrayList<>();
    try (TestHost host = TestHost.builder().secret("s").build();
        TransportMember a =
            TransportMember.bind("a", new VertxTransportProvider().create(CONFIG, host));
        TransportMember b =
            TransportMember.bind("b", new VertxTransportProvider().create(CONFIG, host))) {
      a.start(Set::of).awaitMembers(a);
      for (int i = 0; i < 20; i++) {
        silent.add(new Socket(a.endpoint().host(), a.endpoint().port()));
      }

      b.start(() -> Set.of(a.endpoint()));

      a.awaitMembers(a, b);
    } finally {
      for (Socket socket : silent) {
        socket.close();
      }
    }
  }

  @Test
  void aProcessWithAnotherSecretDoesNotJoinAndBothSidesSaySo() throws Exception {
    try (TestHost host = TestHost.builder().secret("s").build();
        TransportMember a =
            TransportMember.bind("a", new VertxTransportProvider().create(CONFIG, host));
        TransportMember b =
            TransportMember.bind("b", new VertxTransportProvider().create(CONFIG, host))) {
      a.start(Set::of).awaitMembers(a);
      try (NodeProcess stranger = NodeProcess.joining(a.endpoint(), "other")) {
        String line = stranger.awaitLine("refused");
        assertThat(line).contains("127.0.0.1").contains("secret differs");

        // Who joins after the stranger was refused finds the rightful members only.
        b.start(() -> Set.of(a.endpoint()));
        b.awaitMembers(a, b);
      }
      assertThat(a.views()).noneMatch(view -> view.members().size() > 2);
      assertThat(host.log().texts(System.Logger.Level.WARNING, "secret differs")).hasSize(1);
    }
  }

  @Test
  void theEventBusTakesMembersOnly() throws Exception {
    try (TestHost host = TestHost.builder().secret("s").build();
        ListeningSocket socket = ListeningSocket.open(CONFIG, ClusterTls.of(host))) {
      BusClusterManager manager =
          new BusClusterManager("one", new Routes(), CompletableFuture.completedFuture(null));
      Bus bus =
          Bus.start(socket, manager, host.logger("bus"))
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS);
      try {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
          assertThatThrownBy(() -> talk(version, manager.ownBus().port()))
              .as(version)
              .isInstanceOf(IOException.class);
        }
        try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), manager.ownBus().port())) {
          plain.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
          // An alert of TLS at most, and the end.
          assertThat(plain.getInputStream().readAllBytes()).hasSizeLessThan(16);
        }
      } finally {
        assertThat(bus.close(Duration.ofSeconds(10))).isTrue();
      }
    }
  }

  /** Believes whatever certificate it is shown and has none itself. */
  private static void talk(String version, int port) throws Exception {
    SSLContext context = SSLContext.getInstance(version);
    context.init(null, new TrustManager[] {new Credulous()}, null);
    try (SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port)) {
      socket.setEnabledProtocols(new String[] {version});
      socket.startHandshake();
      // In TLS 1.3 the client learns of its refusal with the first answer.
      if (socket.getInputStream().read() < 0) {
        throw new IOException("hung up");
      }
    }
  }
}
