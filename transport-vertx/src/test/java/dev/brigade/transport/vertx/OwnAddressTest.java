package dev.brigade.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.brigade.spi.transport.Endpoint;
import dev.brigade.spi.transport.Lane;
import dev.brigade.testkit.TestHost;
import dev.brigade.testkit.TransportMember;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a secret allows: to listen where other machines can connect to. */
class OwnAddressTest {
  private InetAddress own;

  @BeforeEach
  void find() throws Exception {
    own = ReachableAddress.of(InetAddress.getByName("0.0.0.0"));
    assumeThat(own.isLoopbackAddress()).as("this machine is in no network").isFalse();
  }

  private static TransportMember member(String name, String address, TestHost host)
      throws Exception {
    VertxTransportConfig config =
        new VertxTransportConfig(Optional.of(address), Optional.of(0), Optional.empty());
    return TransportMember.bind(name, new VertxTransportProvider().create(config, host));
  }

  @Test
  void withASecretNodesMeetAtTheMachinesOwnAddress() throws Exception {
    try (TestHost host = TestHost.builder().secret("s").build();
        TransportMember a = member("a", own.getHostAddress(), host);
        TransportMember b = member("b", own.getHostAddress(), host)) {
      assertThat(a.endpoint().host()).isEqualTo(own.getHostAddress());
      a.start(Set::of).awaitMembers(a);

      b.start(() -> Set.of(a.endpoint()));

      a.awaitMembers(a, b);
      b.awaitMembers(a, b);
      assertThat(a.ask(b, TransportMember.message(Lane.CONTROL, "hello")).kind()).isEqualTo("test");
    }
  }

  @Test
  void whoListensOnAllAddressesTellsOthersTheMachinesOwn() throws Exception {
    try (TestHost host = TestHost.builder().secret("s").build();
        TransportMember a = member("a", "0.0.0.0", host);
        TransportMember b = member("b", "0.0.0.0", host);
        TransportMember c = member("c", "0.0.0.0", host)) {
      a.start(Set::of).awaitMembers(a);

      b.start(() -> Set.of(new Endpoint(own.getHostAddress(), a.endpoint().port())));
      a.awaitMembers(a, b);
      c.start(() -> Set.of(new Endpoint(own.getHostAddress(), a.endpoint().port())));

      a.awaitMembers(a, b, c);
      c.awaitMembers(a, b, c);
      assertThat(c.ask(b, TransportMember.message(Lane.CONTROL, "hello")).kind()).isEqualTo("test");
    }
  }

  @Test
  void whoListensOnAllAddressesIsFoundAtEachOfThem() throws Exception {
    try (TestHost host = TestHost.builder().secret("s").build();
        TransportMember a = member("a", "0.0.0.0", host);
        TransportMember b = member("b", "0.0.0.0", host);
        TransportMember c = member("c", "127.0.0.1", host)) {
      Set<Endpoint> loopback =
          Set.of(
              new Endpoint("127.0.0.1", a.endpoint().port()),
              new Endpoint("127.0.0.1", b.endpoint().port()));
      a.start(() -> loopback);
      b.start(() -> loopback);

      a.awaitMembers(a, b);
      b.awaitMembers(a, b);
      c.start(() -> loopback);
      a.awaitMembers(a, b, c);
      c.awaitMembers(a, b, c);
      assertThat(c.ask(b, TransportMember.message(Lane.CONTROL, "hello")).kind()).isEqualTo("test");
      assertThat(a.ask(c, TransportMember.message(Lane.CONTROL, "hello")).kind()).isEqualTo("test");
    }
  }
}
