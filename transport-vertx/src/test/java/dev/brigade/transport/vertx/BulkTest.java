package dev.brigade.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.Message;
import dev.brigade.spi.transport.TransportException;
import dev.brigade.spi.transport.TransportException.DeadlineExceeded;
import dev.brigade.spi.transport.TransportException.Refused;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.TransportMember;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BulkTest {
  private static final int MIB = 1 << 20;

  private final TestHost host = TestHost.builder().secret("s").build();
  private TransportMember a;
  private TransportMember b;

  @BeforeEach
  void join() throws TransportException {
    a = member("a", 64);
    b = member("b", 8);
    a.start(Set::of).awaitMembers(a);
    b.start(() -> Set.of(a.endpoint()));
    a.awaitMembers(a, b);
    b.awaitMembers(a, b);
  }

  @AfterEach
  void leave() {
    b.close();
    a.close();
    host.close();
  }

  private TransportMember member(String name, int maxMessageMib) throws TransportException {
    VertxTransportConfig config =
        new VertxTransportConfig(Optional.empty(), Optional.of(0), Optional.of(maxMessageMib));
    return TransportMember.bind(name, new VertxTransportProvider().create(config, host));
  }

  @Test
  void aStepOvertakesABulkMessageThatIsUnderWay() throws Exception {
    Queue<Lane> arrived = new ConcurrentLinkedQueue<>();
    b.answer(
        (from, message) -> {
          arrived.add(message.lane());
          return CompletableFuture.completedFuture(TransportMember.message(message.lane(), "ok"));
        });
    List<CompletionStage<Message>> answers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      Message bulk = TransportMember.message(Lane.BULK, "", ByteBuffer.allocate(8 * MIB));
      answers.add(a.transport().send(b.id(), bulk, Duration.ofMinutes(1)));
    }
    Message step = TransportMember.message(Lane.DECODE, "", ByteBuffer.allocate(8192));
    answers.add(a.transport().send(b.id(), step, Duration.ofMinutes(1)));

    for (CompletionStage<Message> answer : answers) {
      TransportMember.await(answer);
    }

    assertThat(new ArrayList<>(arrived).indexOf(Lane.DECODE)).isLessThan(16);
  }

  @Test
  void aMessageLongerThanTheReceiverTakesIsRefused() {
    Message message = TransportMember.message(Lane.BULK, "", ByteBuffer.allocate(9 * MIB));

    assertThatThrownBy(() -> a.ask(b, message))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("max-message-mib");
    assertThatThrownBy(() -> b.ask(a, message))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("max-message-mib");
  }

  @Test
  void anAbandonedMessageLeavesItsLaneInOrder() throws Exception {
    List<CompletionStage<Message>> hopeless = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Message bulk = TransportMember.message(Lane.BULK, "", ByteBuffer.allocate(8 * MIB));
      hopeless.add(a.transport().send(b.id(), bulk, Duration.ofMillis(1)));
    }
    Message last = TransportMember.message(Lane.BULK, "last", ByteBuffer.allocate(2 * MIB));

    assertThat(TransportMember.head(a.ask(b, last))).isEqualTo("last");
    for (CompletionStage<Message> send : hopeless) {
      try {
        TransportMember.await(send);
      } catch (DeadlineExceeded late) {
        assertThat(late).hasMessageContaining("1 ms");
      }
    }
  }
}
