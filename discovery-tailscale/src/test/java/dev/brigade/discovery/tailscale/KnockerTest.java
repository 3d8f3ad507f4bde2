package dev.brigade.discovery.tailscale;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.discovery.tailscale.Knocker.Door;
import dev.brigade.spi.transport.Endpoint;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class KnockerTest {

  @Test
  void anHttpProxyIsAskedToConnect() throws Exception {
    InetAddress peer = InetAddress.getByName("100.64.0.2");
    try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Knocker knocker =
            new Knocker(Optional.of(Proxies.parse("http://127.0.0.1:" + proxy.getLocalPort())))) {
      for (boolean open : List.of(true, false)) {
        CompletableFuture<String> asked =
            CompletableFuture.supplyAsync(() -> answer(proxy, open ? "200 OK" : "502 Bad Gateway"));
        Set<Endpoint> found = knocker.open(Set.of(new Door(List.of(peer), 52416)));
        assertThat(asked.join()).startsWith("CONNECT 100.64.0.2:52416 HTTP/1.1");
        assertThat(found.contains(new Endpoint("100.64.0.2", 52416))).isEqualTo(open);
      }
    }
  }

  @Test
  void aProxyThatIsStillTryingHoldsUpNobody() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        Knocker knocker =
            new Knocker(Optional.of(Proxies.parse("http://127.0.0.1:" + silent.getLocalPort())))) {
      Door gone = new Door(List.of(InetAddress.getByName("100.64.0.2")), 52416);
      assertThat(knocker.open(Set.of(gone))).isEmpty();
    }
  }

  private static String answer(ServerSocket proxy, String status) {
    try (Socket client = proxy.accept()) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
      String first = in.readLine();
      while (!in.readLine().isEmpty()) {
        continue;
      }
      String head = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n";
      client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      return first;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
