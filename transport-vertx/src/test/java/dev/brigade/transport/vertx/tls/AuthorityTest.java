package dev.brigade.transport.vertx.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.brigade.spi.ClusterSecret;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

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
  void anotherSecretOrClusterHasAnotherAuthority() {
    X509Certificate issued = authority("a secret", "home").issue(NOW, DAY).certificate();
    for (Authority stranger :
        new Authority[] {authority("another", "home"), authority("a secret", "office")}) {
      PublicKey key = stranger.publicKey();
      assertThatThrownBy(() -> issued.verify(key)).isInstanceOf(SignatureException.class);
    }
  }

  @Test
  void aCertificateHoldsForItsTimeAndForAKeyOfItsOwn() {
    Authority authority = authority("a secret", "home");
    X509Certificate issued = authority.issue(NOW, DAY).certificate();

    assertThat(issued.getNotAfter().toInstant()).isEqualTo(NOW.plus(DAY));
    assertThat(issued.getNotBefore().toInstant()).isEqualTo(NOW.minus(Duration.ofHours(12)));
    assertThat(issued.getBasicConstraints()).as("is no authority itself").isEqualTo(-1);
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
