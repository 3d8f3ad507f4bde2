package dev.brigade.discovery.tailscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class TailscaleConfigTest {

  @Test
  void aPortIsOneOrARange() {
    assertThat(PortRange.parse("52416").ports()).containsExactly(52416);
    assertThat(PortRange.parse("52416-52418").ports()).containsExactly(52416, 52417, 52418);
  }

  @Test
  void errorsNameKeyAndValue() {
    for (String bad : List.of("0", "70000", "2-1", "1-100", "x", "")) {
      fails(() -> config(bad, "tag:a", "a:1", "k", 5), "port: '" + bad + "'");
    }
    fails(() -> config("1", "brigade", "a:1", "k", 5), "tags: 'brigade'");
    fails(() -> config("1", "tag:a", "ftp://a:1", "k", 5), "proxy: 'ftp://a:1'");
    fails(() -> config("1", "tag:a", "a", "k", 5), "proxy: 'a'");
    fails(() -> config("1", "tag:a", "a:1", " ", 5), "api-key");
    fails(() -> config("1", "tag:a", "a:1", "k", 0), "interval: PT0S");
  }

  @Test
  void theKeyIsNotShown() {
    assertThat(config("1", "tag:a", "a:1", "tskey-1", 5).toString()).doesNotContain("tskey-1");
  }

  private static void fails(ThrowingCallable making, String message) {
    assertThatThrownBy(making)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  private static TailscaleConfig config(
      String port, String tag, String proxy, String key, int seconds) {
    return new TailscaleConfig(
        Optional.empty(),
        Optional.empty(),
        Optional.of(port),
        Optional.of(List.of(tag)),
        Optional.of(Duration.ofSeconds(seconds)),
        Optional.of(proxy),
        Optional.of(key),
        Optional.empty(),
        Optional.empty());
  }
}
