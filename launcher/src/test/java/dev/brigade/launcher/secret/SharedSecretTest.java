package dev.brigade.launcher.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.ClusterSecret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedSecretTest {
  private static final String PASSPHRASE = "correct horse battery";

  private static byte[] key(ClusterSecret secret) {
    return secret.derive("a test", 32);
  }

  @Test
  void aTokenIsTakenAsItIsInEveryCluster() {
    String token = ClusterToken.make();

    assertThat(key(SharedSecret.of(token.toUpperCase(), "home")))
        .isEqualTo(key(SharedSecret.of(token, "office")))
        .isEqualTo(key(ClusterSecret.of(token)));
  }

  @Test
  void aPassphraseIsStretchedForItsCluster() {
    byte[] stretched = key(SharedSecret.of(PASSPHRASE, "home"));

    assertThat(stretched)
        .isEqualTo(key(SharedSecret.of(PASSPHRASE + "\n", "home")))
        .isNotEqualTo(key(SharedSecret.of(PASSPHRASE, "office")))
        .isNotEqualTo(key(ClusterSecret.of(PASSPHRASE)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "hush", "elevenchars", "   eleven chr   "})
  void whatCanBeGuessedIsRefused(String passphrase) {
    assertThatThrownBy(() -> SharedSecret.of(passphrase, "home"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 12")
        .hasMessageContaining("brigade token");
  }

  @Test
  void twelveCharactersAreEnough() {
    assertThatCode(() -> SharedSecret.check("twelve chars")).doesNotThrowAnyException();
  }

  @Test
  void aGarbledTokenIsNotTakenForAPassphrase() {
    assertThatThrownBy(() -> SharedSecret.check("brg1-abcde-abcde-abcde-abcde-abcde-abcde"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("checksum")
        .hasMessageContaining("copy the whole token");
  }
}
