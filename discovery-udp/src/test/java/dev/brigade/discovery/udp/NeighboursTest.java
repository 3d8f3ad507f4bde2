package dev.brigade.discovery.udp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.brigade.spi.discovery.Announcement;
import dev.brigade.spi.transport.Endpoint;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class NeighboursTest {
  private static final Announcement NODE = Samples.node("n1", "0.0.0.0");
  private final Neighbours neighbours = new Neighbours();
  private long sequence;

  @Test
  void theAddressHeardFirstStaysWhileItIsHeard() {
    hear(NODE, "192.0.2.7", Samples.NOW);
    hear(NODE, "10.0.0.7", Samples.NOW);
    assertThat(candidatesAt(Samples.NOW)).containsExactly(at("192.0.2.7"));
    Instant later = Samples.NOW.plusSeconds(3);
    hear(NODE, "10.0.0.7", later);
    assertThat(candidatesAt(later)).containsExactly(at("192.0.2.7"));
    assertThat(candidatesAt(later.plusSeconds(1))).containsExactly(at("10.0.0.7"));
  }

  @Test
  void loopbackIsPreferredThenIpv4ThenRoutableIpv6() {
    hear(NODE, "fe80::7", Samples.NOW);
    assertThat(candidatesAt(Samples.NOW)).containsExactly(at("fe80:0:0:0:0:0:0:7"));
    hear(NODE, "fd00::7", Samples.NOW);
    assertThat(candidatesAt(Samples.NOW)).containsExactly(at("fd00:0:0:0:0:0:0:7"));
    hear(NODE, "192.0.2.7", Samples.NOW);
    assertThat(candidatesAt(Samples.NOW)).containsExactly(at("192.0.2.7"));
    hear(NODE, "127.0.0.1", Samples.NOW);
    assertThat(candidatesAt(Samples.NOW)).containsExactly(at("127.0.0.1"));
  }

  @Test
  void anAnnouncedAddressCountsWhereverItIsHeardFrom() {
    hear(Samples.node("n1", "10.1.2.3"), "192.0.2.7", Samples.NOW);
    hear(Samples.node("n2", "studio.local"), "192.0.2.8", Samples.NOW);
    hear(Samples.node("n3", "localhost"), "192.0.2.9", Samples.NOW);
    hear(Samples.node("n4", "::"), "192.0.2.10", Samples.NOW);
    hear(Samples.node("n5", "::1"), "127.0.0.1", Samples.NOW);
    assertThat(candidatesAt(Samples.NOW))
        .containsExactlyInAnyOrder(
            at("10.1.2.3"), at("studio.local"), at("192.0.2.9"), at("192.0.2.10"), at("::1"));
  }

  @Test
  void whoMissesThreeIntervalsIsDroppedAndTakenBackWhenHeardAgain() {
    hear(NODE, "192.0.2.7", Samples.NOW);
    Duration patience = Samples.INTERVAL.multipliedBy(3).plusMillis(500);
    assertThat(candidatesAt(Samples.NOW.plus(patience))).hasSize(1);
    Instant tooLate = Samples.NOW.plus(patience).plusMillis(1);
    assertThat(candidatesAt(tooLate)).isEmpty();
    hear(NODE, "192.0.2.7", tooLate);
    assertThat(candidatesAt(tooLate)).hasSize(1);
  }

  @Test
  void whoSaidGoodbyeStaysAwayWhateverIsReplayed() {
    Beacon recorded = Samples.beacon(NODE, 1);
    Beacon neverArrived = Samples.beacon(NODE, 2);
    neighbours.hear(recorded, Samples.address("192.0.2.7"), Samples.NOW);
    neighbours.hear(Samples.goodbye(NODE, 3), Samples.address("192.0.2.7"), Samples.NOW);
    assertThat(candidatesAt(Samples.NOW)).isEmpty();
    Instant justBeforeStale = Samples.NOW.plus(Gatekeeper.CLOCK_TOLERANCE);
    assertThat(candidatesAt(justBeforeStale)).isEmpty();
    neighbours.hear(recorded, Samples.address("192.0.2.66"), justBeforeStale);
    neighbours.hear(neverArrived, Samples.address("192.0.2.66"), justBeforeStale);
    assertThat(candidatesAt(justBeforeStale)).isEmpty();
  }

  @Test
  void aReplayNeitherKeepsANodeNorMovesIt() {
    Beacon recorded = Samples.beacon(NODE, 1);
    neighbours.hear(recorded, Samples.address("fd00::7"), Samples.NOW);
    neighbours.hear(recorded, Samples.address("192.0.2.66"), Samples.NOW);
    assertThat(candidatesAt(Samples.NOW)).containsExactly(at("fd00:0:0:0:0:0:0:7"));
    Instant later = Samples.NOW.plusSeconds(4);
    neighbours.hear(recorded, Samples.address("fd00::7"), later);
    assertThat(candidatesAt(later)).isEmpty();
  }

  @Test
  void anOvertakenBeaconCountsOnlyForAMoment() {
    neighbours.hear(Samples.beacon(NODE, 9), Samples.address("fd00::7"), Samples.NOW);
    Instant soon = Samples.NOW.plusMillis(100);
    neighbours.hear(Samples.beacon(NODE, 8), Samples.address("192.0.2.7"), soon);
    assertThat(candidatesAt(soon)).containsExactly(at("192.0.2.7"));
    Instant later = Samples.NOW.plusSeconds(4);
    neighbours.hear(Samples.beacon(NODE, 7), Samples.address("192.0.2.66"), later);
    assertThat(candidatesAt(later)).isEmpty();
  }

  private void hear(Announcement node, String from, Instant when) {
    neighbours.hear(Samples.beacon(node, ++sequence), Samples.address(from), when);
  }

  private Iterable<Endpoint> candidatesAt(Instant when) {
    return neighbours.candidates(when);
  }

  private static Endpoint at(String host) {
    return new Endpoint(host, 52416);
  }
}
