package dev.brigade.discovery.fixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.transport.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StaticConfigTest {

  @Test
  void peersAreNamesAndAddressesWithPorts() {
    List<String> peers = List.of("a.example:1", "10.0.0.7:2", "[fd00::7]:3", "10.0.0.7:2");
    assertThat(new StaticConfig(peers, Optional.empty()).endpoints())
        .containsExactly(
            new Endpoint("a.example", 1), new Endpoint("10.0.0.7", 2), new Endpoint("fd00::7", 3));
  }

  @Test
  void errorsNameKeyAndValue() {
    for (String bad : List.of("10.0.0.7", "host:", "host:x", "host:70000", ":1", "fd00::7:1")) {
      assertThatThrownBy(() -> new StaticConfig(List.of(bad), Optional.empty()))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("peers: '" + bad + "'");
    }
    assertThatThrownBy(() -> new StaticConfig(List.of(), Optional.of(Duration.ofMillis(1))))
        .hasMessageContaining("refresh: PT0.001S");
  }
}
