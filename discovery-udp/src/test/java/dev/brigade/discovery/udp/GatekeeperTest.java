package dev.brigade.discovery.udp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.discovery.Announcement;
import dev.brigade.testkit.LogBook;
import java.net.InetAddress;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class GatekeeperTest {
  private static final InetAddress FROM = Samples.address("192.0.2.7");
  private final LogBook log = new LogBook();
  private final Gatekeeper gatekeeper = gatekeeper(Samples.node("self", "0.0.0.0"));

  @Test
  void beaconsWithinTheClockToleranceCount() {
    Instant late = Samples.NOW.plus(Gatekeeper.CLOCK_TOLERANCE);
    Instant early = Samples.NOW.minus(Gatekeeper.CLOCK_TOLERANCE);
    assertThat(gatekeeper.admit(heardFrom("a"), FROM, late)).isPresent();
    assertThat(gatekeeper.admit(heardFrom("b"), FROM, early)).isPresent();
    assertThat(gatekeeper.admit(heardFrom("c"), FROM, late.plusMillis(1))).isEmpty();
    assertThat(gatekeeper.admit(heardFrom("d"), FROM, early.minusMillis(1))).isEmpty();
    assertThat(log.texts(System.Logger.Level.WARNING, "its clock is 60 s off")).hasSize(2);
  }

  @Test
  void ownBeaconsDoNotCountAndAreNotWorthALine() {
    assertThat(gatekeeper.admit(heardFrom("self"), FROM, Samples.NOW)).isEmpty();
    assertThat(log.lines()).isEmpty();
  }

  @Test
  void aNodeOfAnotherLayoutIsIgnoredWithOneLine() {
    for (int i = 0; i < 3; i++) {
      assertThat(gatekeeper.admit(new Reading.OtherLayout(2), FROM, Samples.NOW)).isEmpty();
    }
    assertThat(log.lines()).hasSize(1);
  }

  @Test
  void inventedNodesCannotFillTheLog() {
    for (int i = 0; i < 10_000; i++) {
      Reading forged =
          new Reading.Heard(
              Samples.beacon(Samples.node("invented-" + i, "0.0.0.0"), 1), Seal.Trust.FORGED);
      assertThat(gatekeeper.admit(forged, FROM, Samples.NOW)).isEmpty();
    }
    assertThat(log.lines()).hasSize(OnceLog.CAPACITY + 1);
    assertThat(gatekeeper.admit(heardFrom("friend"), FROM, Samples.NOW)).isPresent();
  }

  private static Reading heardFrom(String id) {
    return new Reading.Heard(Samples.beacon(Samples.node(id, "0.0.0.0"), 1), Seal.Trust.TRUSTED);
  }

  private Gatekeeper gatekeeper(Announcement self) {
    System.Logger logger = log.logger("udp");
    return new Gatekeeper(self, new OnceLog(logger), logger);
  }
}
