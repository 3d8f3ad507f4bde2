package dev.brigade.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.transport.Lane;
import dev.brigade.spi.transport.TransportException;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.TransportMember;
import dev.brigade.transport.vertx.tls.WallClock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Certificates hold for a day; nodes run for longer, and new ones come. */
class LongRunTest {
  private static final VertxTransportConfig CONFIG =
      new VertxTransportConfig(Optional.empty(), Optional.of(0), Optional.empty());

  private final WallClock clock = new WallClock();
  private final TestHost host = TestHost.builder().secret("s").clock(clock).build();

  @AfterEach
  void closeHost() {
    host.close();
  }

  private TransportMember bind(String name) throws TransportException {
    return TransportMember.bind(name, new VertxTransportProvider().create(CONFIG, host));
  }

  @Test
  void oldLinksStayAndNewOnesComeAboutAMonthAfterTheStart() throws Exception {
    try (TransportMember a = bind("a");
        TransportMember b = bind("b")) {
      a.start(Set::of).awaitMembers(a);
      b.start(() -> Set.of(a.endpoint())).awaitMembers(a, b);
      a.awaitMembers(a, b);
      assertUnderstanding(a, b);

      clock.set(Duration.ofDays(30));
      try (TransportMember late = bind("late")) {
        late.start(() -> Set.of(a.endpoint(), b.endpoint()));
        a.awaitMembers(a, b, late);
        b.awaitMembers(a, b, late);
        late.awaitMembers(a, b, late);
        assertUnderstanding(a, b);
        assertUnderstanding(a, late);
        assertUnderstanding(b, late);
      }
      assertThat(a.views().get(a.views().size() - 1).members())
          .as("old members")
          .hasSizeGreaterThan(1);
    }
    assertThat(host.log().texts(System.Logger.Level.WARNING, "")).isEmpty();
  }

  private static void assertUnderstanding(TransportMember one, TransportMember other)
      throws TransportException {
    assertThat(one.ask(other, TransportMember.message(Lane.DECODE, "hello")).kind())
        .isEqualTo("test");
    assertThat(other.ask(one, TransportMember.message(Lane.BULK, "hello")).kind())
        .isEqualTo("test");
  }
}
