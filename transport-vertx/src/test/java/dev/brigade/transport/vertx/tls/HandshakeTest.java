package dev.brigade.transport.vertx.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.testkit.TestHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
  private final TestHost member = TestHost.builder().secret("a secret").build();
  private final TestHost stranger = TestHost.builder().secret("another").build();
  private ServerSocket door;

  @BeforeEach
  void listen() throws IOException {
    door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    door.close();
    member.close();
    stranger.close();
  }

  /** Takes one connection; true if it was a member that said "hello". */
  private CompletableFuture<Boolean> welcoming(ClusterTls tls) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (Socket raw = door.accept();
              Socket welcome = tls.welcome(raw)) {
            byte[] hello = welcome.getInputStream().readNBytes(5);
            return new String(hello, StandardCharsets.US_ASCII).equals("hello");
          } catch (IOException e) {
            return false;
          }
        });
  }

  /** Says "hello"; true if there was no objection until the other side closed. */
  private boolean greets(Socket socket) {
    try (socket) {
      if (!socket.isConnected()) {
        socket.connect(door.getLocalSocketAddress());
      }
      if (socket instanceof SSLSocket secured) {
        secured.startHandshake();
      }
      socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
      return socket.getInputStream().read() < 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean result(CompletableFuture<Boolean> future)
      throws InterruptedException, ExecutionException, java.util.concurrent.TimeoutException {
    return future.get(30, TimeUnit.SECONDS);
  }

  @Test
  void membersUnderstandEachOther() throws Exception {
    CompletableFuture<Boolean> welcomed = welcoming(ClusterTls.of(member).orElseThrow());

    assertThat(greets(ClusterTls.of(member).orElseThrow().connecting())).isTrue();
    assertThat(result(welcomed)).isTrue();
  }

  @Test
  void whoHasAnotherSecretIsNotLetInAndBothSaySoOnce() throws Exception {
    ClusterTls outside = ClusterTls.of(stranger).orElseThrow();
    ClusterTls inside = ClusterTls.of(member).orElseThrow();
    for (int i = 0; i < 3; i++) {
      CompletableFuture<Boolean> welcomed = welcoming(inside);
      assertThat(greets(outside.connecting())).isFalse();
      assertThat(result(welcomed)).isFalse();
    }

    for (TestHost host : new TestHost[] {member, stranger}) {
      assertThat(host.log().texts(System.Logger.Level.WARNING, ""))
          .singleElement()
          .asString()
          .contains("127.0.0.1")
          .contains("secret differs");
    }
  }

  private TestHost memberWhoseClockIs(Duration fast) {
    return TestHost.builder().secret("a secret").clock(new WallClock().set(fast)).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT11H59M", "PT-11H-59M"})
  void clocksMayDifferByHalfADay(Duration fast) throws Exception {
    try (TestHost other = memberWhoseClockIs(fast)) {
      CompletableFuture<Boolean> welcomed = welcoming(ClusterTls.of(member).orElseThrow());

      assertThat(greets(ClusterTls.of(other).orElseThrow().connecting())).isTrue();
      assertThat(result(welcomed)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"P2D", "P-2D"})
  void whereClocksDifferByMoreBothSidesSaySo(Duration fast) throws Exception {
    try (TestHost other = memberWhoseClockIs(fast)) {
      ClusterTls outside = ClusterTls.of(other).orElseThrow();
      ClusterTls inside = ClusterTls.of(member).orElseThrow();
      // Who hangs up may do so before the other has heard why.
      for (int i = 0; i < 3; i++) {
        CompletableFuture<Boolean> welcomed = welcoming(inside);
        assertThat(greets(outside.connecting())).isFalse();
        assertThat(result(welcomed)).isFalse();
      }
      for (TestHost host : new TestHost[] {member, other}) {
        assertThat(host.log().texts(System.Logger.Level.WARNING, ""))
            .singleElement()
            .asString()
            .contains("127.0.0.1")
            .containsPattern("clock.* differ");
      }
    }
  }

  @Test
  void whoTrustsAnythingIsNotTrustedWithoutACertificateOfThisCluster() throws Exception {
    CompletableFuture<Boolean> welcomed = welcoming(ClusterTls.of(member).orElseThrow());

    assertThat(greets(credulous("TLSv1.3"))).isFalse();
    assertThat(result(welcomed)).isFalse();
  }

  @Test
  void olderVersionsOfTlsAreRefused() throws Exception {
    CompletableFuture<Boolean> welcomed = welcoming(ClusterTls.of(member).orElseThrow());

    assertThat(greets(credulous("TLSv1.2"))).isFalse();
    assertThat(result(welcomed)).isFalse();
    assertThat(member.log().texts(System.Logger.Level.WARNING, ""))
        .singleElement()
        .asString()
        .contains("TLS");
  }

  @Test
  void plainTextIsDropped() throws Exception {
    CompletableFuture<Boolean> welcomed = welcoming(ClusterTls.of(member).orElseThrow());

    greets(new Socket(door.getInetAddress(), door.getLocalPort()));
    assertThat(result(welcomed)).isFalse();
    assertThat(member.log().texts(System.Logger.Level.WARNING, ""))
        .singleElement()
        .asString()
        .contains("127.0.0.1")
        .contains("does not speak");
  }

  @Test
  void whoOnlyLooksWhetherSomebodyListensIsNotWorthALine() throws Exception {
    CompletableFuture<Boolean> welcomed = welcoming(ClusterTls.of(member).orElseThrow());

    new Socket(door.getInetAddress(), door.getLocalPort()).close();
    assertThat(result(welcomed)).isFalse();
    assertThat(member.log().texts(System.Logger.Level.WARNING, "")).isEmpty();
  }

  @Test
  void whoSaysNothingIsDropped() throws Exception {
    CompletableFuture<Boolean> welcomed = welcoming(ClusterTls.of(member).orElseThrow());

    try (Socket silent = new Socket(door.getInetAddress(), door.getLocalPort())) {
      assertThat(result(welcomed)).isFalse();
      assertThat(silent.getInputStream().read()).isNegative();
    }
  }

  @Test
  void whoNeverAnswersIsHungUpOn() throws Exception {
    CompletableFuture<Boolean> greeted =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return greets(ClusterTls.of(member).orElseThrow().connecting());
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });

    try (Socket silent = door.accept()) {
      assertThat(result(greeted)).isFalse();
      assertThat(silent.isConnected()).isTrue();
    }
  }

  @Test
  void withoutASecretThereIsNoTls() {
    try (TestHost open = TestHost.create()) {
      assertThat(ClusterTls.of(open)).isEqualTo(Optional.empty());
    }
  }

  private static SSLSocket credulous(String version) throws Exception {
    SSLContext context = SSLContext.getInstance(version);
    context.init(null, new TrustManager[] {new Credulous()}, new SecureRandom());
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
    socket.setEnabledProtocols(new String[] {version});
    return socket;
  }
}
