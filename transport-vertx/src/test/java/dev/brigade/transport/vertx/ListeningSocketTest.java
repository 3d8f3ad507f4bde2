package dev.brigade.transport.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.transport.TransportException.CannotBind;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListeningSocketTest {

  private static VertxTransportConfig config(String host, Integer port) {
    return new VertxTransportConfig(Optional.of(host), Optional.ofNullable(port), Optional.empty());
  }

  private static ListeningSocket open(VertxTransportConfig config) throws CannotBind {
    return ListeningSocket.open(config, Optional.empty());
  }

  @Test
  void aChosenPortThatIsTakenFailsAndNamesIt() throws Exception {
    try (ListeningSocket taken = open(config("127.0.0.1", 0))) {
      int port = taken.getLocalPort();

      assertThatThrownBy(() -> open(config("127.0.0.1", port)))
          .isInstanceOf(CannotBind.class)
          .hasMessageContaining("127.0.0.1:" + port)
          .hasMessageContaining("transport.port");
    }
  }

  @Test
  void withoutAChosenPortNodesOfOneMachineTakeTheNextFreeOne() throws Exception {
    try (ListeningSocket first = open(VertxTransportConfig.defaults());
        ListeningSocket second = open(VertxTransportConfig.defaults())) {
      assertThat(second.getLocalPort())
          .isGreaterThan(first.getLocalPort())
          .isBetween(VertxTransportConfig.FIRST_PORT, VertxTransportConfig.LAST_PORT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1"})
  void whatIsNotLoopbackIsRefusedWithoutASecret(String host) {
    assertThatThrownBy(() -> open(config(host, 0)))
        .isInstanceOf(CannotBind.class)
        .hasMessageContaining(host)
        .hasMessageContaining("brigade token");
  }
}
