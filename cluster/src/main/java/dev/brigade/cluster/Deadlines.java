package dev.brigade.cluster;

import java.time.Duration;

/**
 * How long a node waits for what.
 *
 * @param place for a stage to be loaded
 * @param control for a sequence to be opened or closed
 * @param step for a step to be taken in by a stage, its turn in the queue included
 * @param stall for any sign of progress of a request, before a new attempt is made
 * @param settle for a membership to be quiet before plans are made anew
 */
public record Deadlines(
    Duration place, Duration control, Duration step, Duration stall, Duration settle) {

  /** What serves from one machine to a home network. */
  public static Deadlines standard() {
    return new Deadlines(
        Duration.ofMinutes(15),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        Duration.ofSeconds(120),
        Duration.ofMillis(500));
  }
}
