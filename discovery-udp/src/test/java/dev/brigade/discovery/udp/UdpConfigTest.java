package dev.brigade.discovery.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UdpConfigTest {

  @Test
  void everyKeyHasADefault() {
    UdpConfig config = UdpConfig.defaults();
    assertThat(config.effectivePort()).isEqualTo(52417);
    assertThat(config.effectiveInterval()).isEqualTo(Duration.ofMillis(1500));
    assertThat(config.effectiveGroups()).hasSize(2);
    assertThat(config.uses("anything")).isTrue();
  }

  @Test
  void errorsNameKeyAndValue() {
    assertThatThrownBy(() -> config(Optional.of(65536), Optional.empty(), Optional.empty()))
        .hasMessageContaining("port: 65536");
    assertThatThrownBy(() -> config(Optional.empty(), Optional.of(Duration.ZERO), Optional.empty()))
        .hasMessageContaining("interval: PT0S");
    assertThatThrownBy(
            () -> config(Optional.empty(), Optional.empty(), Optional.of(List.of("10.0.0.1"))))
        .hasMessageContaining("groups: '10.0.0.1'");
    assertThatThrownBy(
            () -> config(Optional.empty(), Optional.empty(), Optional.of(List.of("example.org"))))
        .hasMessageContaining("groups: 'example.org'");
  }

  @Test
  void namesAreNeverLookedUpAsAddresses() {
    assertThat(AddressLiteral.parse("cafe")).isEmpty();
    assertThat(AddressLiteral.parse("1.2.3.4.5")).isEmpty();
    assertThat(AddressLiteral.parse("256.1.1.1")).isEmpty();
    assertThat(AddressLiteral.parse("::1")).isPresent();
  }

  private static UdpConfig config(
      Optional<Integer> port, Optional<Duration> interval, Optional<List<String>> groups) {
    return new UdpConfig(port, interval, Optional.empty(), groups);
  }
}
