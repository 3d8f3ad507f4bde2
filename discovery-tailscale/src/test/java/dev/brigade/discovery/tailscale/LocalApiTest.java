package dev.brigade.discovery.tailscale;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LocalApiTest {

  @Test
  void aDaemonThatIsAwayOrGoneOrSilentIsToldApart() throws IOException {
    Path folder = Files.createTempDirectory("tsd");
    Path socket = folder.resolve("d.sock");
    LocalApi api = new LocalApi(socket, Duration.ofMillis(50));
    assertThatThrownBy(api::ask)
        .isInstanceOf(TailscaleTrouble.class)
        .hasMessageContaining(socket + " does not exist; start tailscaled");
    try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      silent.bind(UnixDomainSocketAddress.of(socket));
      assertThatThrownBy(api::ask)
          .isInstanceOf(TailscaleTrouble.class)
          .hasMessageContaining("no complete answer within 50 ms");
    }
    assertThatThrownBy(api::ask)
        .isInstanceOf(TailscaleTrouble.class)
        .hasMessageContaining("no Tailscale daemon listens at " + socket);
    Files.delete(socket);
    Files.delete(folder);
  }
}
