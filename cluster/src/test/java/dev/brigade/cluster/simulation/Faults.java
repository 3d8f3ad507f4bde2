package dev.brigade.cluster.simulation;

import java.time.Duration;

/**
 * What a simulated network does to messages.
 *
 * @param slowest delay of a message; messages overtake each other within it
 * @param duplicated share of messages that come twice
 * @param lost share of messages, and of answers, that never come
 */
record Faults(Duration slowest, double duplicated, double lost) {

  static Faults none() {
    return new Faults(Duration.ofMillis(1), 0, 0);
  }

  static Faults unordered() {
    return new Faults(Duration.ofMillis(40), 0.2, 0);
  }

  static Faults lossy() {
    return new Faults(Duration.ofMillis(20), 0.1, 0.03);
  }

  /** One of these kinds for each seed. */
  static Faults of(long seed) {
    return switch ((int) (seed % 3)) {
      case 0 -> none();
      case 1 -> unordered();
      default -> lossy();
    };
  }
}
