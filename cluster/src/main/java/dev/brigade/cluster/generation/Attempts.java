package dev.brigade.cluster.generation;

import java.time.Duration;
import java.util.Optional;

/** Counts attempts at a request, and says when to stop making new ones. Owned by the loop. */
final class Attempts {
  /**
   * Attempts in a row that bring no token. With the delays between them they last some 13 seconds,
   * longer than the membership takes to notice a node that is silent.
   */
  static final int MAX_FRUITLESS = 8;

  private static final Duration FIRST_DELAY = Duration.ofMillis(50);

  private int current;
  private int fruitless;
  private int recoveries;

  /** Number of the present attempt. */
  int current() {
    return current;
  }

  int recoveries() {
    return recoveries;
  }

  /** Whether the present attempt has yet to bring a token that an earlier one did not. */
  boolean isRecovering() {
    return fruitless > 0;
  }

  /** The present attempt has brought a token. */
  void fruitful() {
    fruitless = 0;
  }

  /**
   * Begins a new attempt.
   *
   * @return how long to wait before it; empty if there have been enough
   */
  Optional<Duration> next() {
    fruitless++;
    recoveries++;
    current++;
    if (fruitless > MAX_FRUITLESS) {
      return Optional.empty();
    }
    // At once the first time: most often a node is lost, and the view says so already.
    return Optional.of(
        fruitless == 1 ? Duration.ZERO : FIRST_DELAY.multipliedBy(1L << (fruitless - 1)));
  }
}
