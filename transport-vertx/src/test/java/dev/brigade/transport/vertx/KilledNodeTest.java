package dev.brigade.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.NodeInfo;
import dev.brigade.spi.transport.TransportException.NodeLost;
import dev.brigade.spi.transport.View;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.TransportMember;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class KilledNodeTest {
  private static final VertxTransportConfig CONFIG =
      new VertxTransportConfig(Optional.empty(), Optional.of(0), Optional.empty());

  @Test
  void aKilledProcessLeavesTheViewAndItsPendingSendsAreLost() throws Exception {
    try (TestHost host = TestHost.builder().secret("s").build();
        TransportMember a =
            TransportMember.bind("a", new VertxTransportProvider().create(CONFIG, host));
        TransportMember b =
            TransportMember.bind("b", new VertxTransportProvider().create(CONFIG, host))) {
      a.start(Set::of).awaitMembers(a);
      b.start(() -> Set.of(a.endpoint()));
      b.awaitMembers(a, b);
      try (NodeProcess child = NodeProcess.joining(a.endpoint(), "s")) {
        View view = a.awaitView("three members", v -> v.members().size() == 3);
        NodeInfo killed = named(view, "child");
        List<CompletionStage<Message>> pending = new ArrayList<>();
        for (Lane lane : Lane.values()) {
          // More than the credit of the lane, so that some of it has not left this node.
          Message message = TransportMember.message(lane, "", ByteBuffer.allocate(8 << 20));
          pending.add(a.transport().send(killed.id(), message, Duration.ofMinutes(2)));
        }

        long start = System.nanoTime();
        child.kill();

        for (CompletionStage<Message> send : pending) {
          assertThatThrownBy(() -> TransportMember.await(send)).isInstanceOf(NodeLost.class);
        }
        a.awaitMembers(a, b);
        System.out.printf("death seen after %.2f s%n", (System.nanoTime() - start) / 1e9);
        b.awaitMembers(a, b);
        assertThat(a.ask(b, TransportMember.message(Lane.DECODE, "on")).body()).isEmpty();
      }
    }
  }

  private static NodeInfo named(View view, String name) {
    return view.members().stream()
        .filter(member -> member.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
