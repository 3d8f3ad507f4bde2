package dev.brigade.cluster.simulation;

import dev.brigade.spi.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Time and chance of a simulated world: a queue of what happens when. One seed, one history.
 * Everything runs on the thread that calls {@link #run}.
 */
final class VirtualWorld {
  static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::number));
  private final Random random;
  private Instant now = BEGIN;
  private long count;

  private record Event(Instant at, long number, Runnable what) {}

  VirtualWorld(long seed) {
    random = new Random(seed);
  }

  Random random() {
    return random;
  }

  /** A duration up to the given one. */
  Duration upTo(Duration longest) {
    return Duration.ofNanos((long) (random.nextDouble() * longest.toNanos()));
  }

  Timer.Scheduled after(Duration delay, Runnable what) {
    return at(now.plus(delay), what);
  }

  Timer.Scheduled at(Instant when, Runnable what) {
    Event event = new Event(when, count++, what);
    events.add(event);
    return () -> events.remove(event);
  }

  Instant now() {
    return now;
  }

  /** How much has been planned to happen so far; two histories of one seed count alike. */
  long count() {
    return count;
  }

  Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return now;
      }
    };
  }

  /** Lets some time pass, and everything happen that is due in it. */
  void run(Duration time) {
    Instant end = now.plus(time);
    while (!events.isEmpty() && !events.peek().at().isAfter(end)) {
      Event event = events.poll();
      now = event.at();
      event.what().run();
    }
    now = end;
  }
}
