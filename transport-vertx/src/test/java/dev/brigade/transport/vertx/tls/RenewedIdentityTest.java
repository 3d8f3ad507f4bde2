package dev.brigade.transport.vertx.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.ClusterSecret;
import java.security.cert.X509Certificate;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RenewedIdentityTest {
  private static final Duration HALF_A_DAY = Duration.ofHours(12);
  private static final String[] EC = {"EC"};

  private final WallClock clock = new WallClock();
  private final RenewedIdentity identity =
      new RenewedIdentity(Authority.of(ClusterSecret.of("a secret"), "home"), clock);

  private String alias() {
    return identity.chooseClientAlias(EC, null, null);
  }

  @Test
  void fromHalfOfItsTimeOnANewCertificateWithANewKeyIsShown() {
    String first = alias();
    clock.set(HALF_A_DAY.minusSeconds(1));
    assertThat(alias()).isEqualTo(first);

    clock.set(HALF_A_DAY);
    String second = alias();
    assertThat(second).isNotEqualTo(first);
    X509Certificate certificate = identity.getCertificateChain(second)[0];
    assertThat(certificate.getNotAfter().toInstant())
        .isBetween(clock.instant().plusSeconds(86_399), clock.instant().plusSeconds(86_400));
    assertThat(identity.getPrivateKey(second)).isNotEqualTo(identity.getPrivateKey(first));
  }

  @Test
  void aHandshakeThatHasBegunKeepsItsCertificateAndKey() {
    String first = alias();
    X509Certificate before = identity.getCertificateChain(first)[0];
    clock.set(HALF_A_DAY);
    alias();

    assertThat(identity.getCertificateChain(first)).containsExactly(before);
  }

  @Test
  void aClockThatIsSetToAnEarlierTimeHasACertificateOfThatTime() {
    String ofTomorrow = alias();
    clock.set(Duration.ofDays(-400));

    assertThat(alias()).isNotEqualTo(ofTomorrow);
    assertThat(identity.current().certificate().getNotBefore().toInstant())
        .isBefore(clock.instant());
  }

  @Test
  void thereIsNoCertificateForOtherKindsOfKeys() {
    assertThat(identity.chooseServerAlias("RSA", null, null)).isNull();
    assertThat(identity.chooseServerAlias("EC", null, null)).isEqualTo(alias());
  }
}
