package dev.brigade.transport.vertx.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.ClusterSecret;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorityTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  private static Authority authority(String secret, String cluster) {
    return Authority.of(ClusterSecret.of(secret), cluster);
  }

  @Test
  void everyNodeDerivesTheSameAuthority() throws Exception {
    Authority one = authority("a secret", "home");
    Authority other = authority("a secret", "home");

    assertThat(one.publicKey()).isEqualTo(other.publicKey());
    X509Certificate issued = one.issue(NOW, DAY).certificate();
    assertThatCode(() -> issued.verify(other.publicKey())).doesNotThrowAnyException();
  }

  @Test
  void everyJdkDerivesTheSameAuthority() {
    assertThat(HexFormat.of().formatHex(authority("a secret", "home").publicKey().getEncoded()))
        .isEqualTo(
            "302a300506032b6570032100"
                + "b198e11a8ac3b49f8b9c38e82ff6b3eab1524c9bdecce0036e5e55b10c2077cc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-24T12:00:00Z", "2049-12-31T23:00:00Z", "2107-01-01T00:00:00Z"})
  void timesOfThisCenturyAndTheNextAreWrittenRight(Instant now) {
    X509Certificate issued = authority("a secret", "home").issue(now, DAY).certificate();

    assertThat(issued.getNotAfter().toInstant()).isEqualTo(now.plus(DAY));
    assertThat(issued.getSerialNumber().bitLength()).isEqualTo(127);
  }

  @Test
  void anotherSecretOrClusterHasAnotherAuthority() {
    X509Certificate issued = authority("a secret", "home").issue(NOW, DAY).certificate();
    for (Authority stranger :
        new Authority[] {authority("another", "home"), authority("a secret", "office")}) {
      PublicKey key = stranger.publicKey();
      assertThatThrownBy(() -> issued.verify(key)).isInstanceOf(GeneralSecurityException.class);
    }
  }

  @Test
  void aCertificateHoldsForItsTimeAndForAKeyOfItsOwn() throws Exception {
    Authority authority = authority("a secret", "home");
    X509Certificate issued = authority.issue(NOW, DAY).certificate();

    assertThat(issued.getNotAfter().toInstant()).isEqualTo(NOW.plus(DAY));
    assertThat(issued.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofHours(12)));
    assertThat(issued.getBasicConstraints()).as("is no authority itself").isEqualTo(-1);
    assertThat(issued.getKeyUsage()).startsWith(true).endsWith(false);
    assertThat(issued.getCriticalExtensionOIDs())
        .containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
    assertThat(issued.getExtendedKeyUsage())
        .containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
    assertThat(issued.getPublicKey())
        .isNotEqualTo(authority.issue(NOW, DAY).certificate().getPublicKey())
        .isNotEqualTo(authority.publicKey());
  }

  @Test
  void certificatesSayNothingOfTheCluster() {
    X509Certificate issued = authority("a secret", "home").issue(NOW, DAY).certificate();

    assertThat(issued.toString()).doesNotContain("home");
  }
}
