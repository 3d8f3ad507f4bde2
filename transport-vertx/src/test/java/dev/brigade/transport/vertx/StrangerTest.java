package dev.brigade.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.transport.Lane;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.TransportMember;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
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
      for (int i = 0; i < 20; i++) {
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
    }
  }
}
