package dev.brigade.discovery.udp;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.brigade.spi.discovery.Announcement;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides whose beacons count: those of this cluster and protocol, sealed with its secret, and no
 * older or newer than {@link #CLOCK_TOLERANCE}. Anyone else gets one line in the log.
 */
final class Gatekeeper {
  /** How far two clocks may be apart; a recorded beacon is worth nothing after that. */
  static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(60);

  private final Announcement self;
  private final OnceLog log;
  private final System.Logger logger;

  Gatekeeper(Announcement self, OnceLog log, System.Logger logger) {
    this.self = self;
    this.log = log;
    this.logger = logger;
  }

  /** The beacon in {@code reading} if it counts, which own ones do not. */
  Optional<Beacon> admit(Reading reading, InetAddress from, Instant now) {
    if (reading instanceof Reading.Heard heard) {
      return admit(heard, from, now);
    }
    if (reading instanceof Reading.OtherLayout other) {
      ignore(
          WARNING,
          "layout " + from.getHostAddress(),
          "a node at " + from.getHostAddress(),
          "its beacons have layout "
              + other.version()
              + ", this node reads "
              + BeaconCodec.LAYOUT
              + "; run the same version of Brigade");
    } else if (reading instanceof Reading.Malformed malformed) {
      logger.log(DEBUG, () -> "datagram from " + from.getHostAddress() + ": " + malformed.why());
    }
    return Optional.empty();
  }

  private Optional<Beacon> admit(Reading.Heard heard, InetAddress from, Instant now) {
    Beacon beacon = heard.beacon();
    Announcement sender = beacon.sender();
    if (sender.id().equals(self.id())) {
      return Optional.empty();
    }
    Duration skew = Duration.between(beacon.sentAt(), now).abs();
    if (!sender.cluster().equals(self.cluster())) {
      String why = "it belongs to cluster '%s', not '%s'";
      ignore(INFO, sender, from, String.format(why, sender.cluster(), self.cluster()));
    } else if (sender.protocol() != self.protocol()) {
      String why = "it speaks protocol %d, this node speaks %d; run the same version of Brigade";
      ignore(WARNING, sender, from, String.format(why, sender.protocol(), self.protocol()));
    } else if (heard.trust() != Seal.Trust.TRUSTED) {
      ignore(WARNING, sender, from, heard.trust().meaning);
    } else if (skew.compareTo(CLOCK_TOLERANCE) > 0) {
      String why = "its clock is %d s off (allowed: %d), or someone replays its beacons; set it";
      ignore(
          WARNING, sender, from, String.format(why, skew.toSeconds(), CLOCK_TOLERANCE.toSeconds()));
    } else {
      return Optional.of(beacon);
    }
    return Optional.empty();
  }

  private void ignore(
      System.Logger.Level level, Announcement sender, InetAddress from, String why) {
    String who =
        String.format("node '%s' (%s) at %s", sender.name(), sender.id(), from.getHostAddress());
    ignore(level, "node " + sender.id(), who, why);
  }

  private void ignore(System.Logger.Level level, String key, String who, String why) {
    log.log(level, key, "udp discovery ignores " + who + ": " + why);
  }
}
