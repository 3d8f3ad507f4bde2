package dev.brigade.spi.transport;

import java.time.Duration;

/**
 * What a node has measured of its connection to another.
 *
 * @param to the other node
 * @param roundTrip of a small message and its answer
 * @param bytesPerSecond of a large message
 */
public record MeasuredLink(NodeId to, Duration roundTrip, double bytesPerSecond) {
  public MeasuredLink {
    if (roundTrip.isNegative()) {
      throw new IllegalArgumentException("round trip to " + to + " is negative: " + roundTrip);
    }
    if (!(bytesPerSecond > 0) || Double.isInfinite(bytesPerSecond)) {
      throw new IllegalArgumentException(
          "bandwidth to " + to + " is not positive: " + bytesPerSecond + " bytes per second");
    }
  }
}
