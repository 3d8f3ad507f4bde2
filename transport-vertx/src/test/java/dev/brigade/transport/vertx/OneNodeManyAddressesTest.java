package dev.brigade.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.Lane;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.TransportMember;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Several discoveries may find one node, each at another of its addresses. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "only there is all of 127.0.0.0/8 this machine")
class OneNodeManyAddressesTest {
  private static final VertxTransportConfig EVERYWHERE =
      new VertxTransportConfig(Optional.of("0.0.0.0"), Optional.of(0), Optional.empty());

  @Test
  void whoIsFoundAtSeveralAddressesIsOneMember() throws Exception {
    try (TestHost host = TestHost.builder().secret("s").build();
        TransportMember a =
            TransportMember.bind("a", new VertxTransportProvider().create(EVERYWHERE, host));
        TransportMember b =
            TransportMember.bind("b", new VertxTransportProvider().create(EVERYWHERE, host))) {
      int port = a.endpoint().port();
      a.start(Set::of).awaitMembers(a);
      b.start(() -> Set.of(new Endpoint("127.0.0.1", port), new Endpoint("127.0.0.2", port)));

      a.awaitMembers(a, b);
      b.awaitMembers(a, b);
      assertThat(b.ask(a, TransportMember.message(Lane.DECODE, "hello")).kind()).isEqualTo("test");
      assertThat(a.views()).noneMatch(view -> view.members().size() > 2);
      assertThat(b.views()).noneMatch(view -> view.members().size() > 2);
    }
  }
}
