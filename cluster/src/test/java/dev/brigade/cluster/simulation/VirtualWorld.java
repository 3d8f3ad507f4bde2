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
import java.util.concurrent.Executor;

/**
 * Time and chance of a simulated world: a queue of what happens when. One seed, one history.
 * Everything runs on the thread that calls {@link #run}.
 */
final class VirtualWorld {
  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::number));
  private final Random random;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
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
    Event event = new Event(now.plus(delay), count++, what);
    events.add(event);
    return () -> events.remove(event);
  }

  /** A thread: takes its tasks in order, each some time after it was given. */
  Executor thread(Duration slowest) {
    return new Executor() {
      private Instant free = Instant.MIN;

      @Override
      public void execute(Runnable task) {
        Instant at = now.plus(upTo(slowest));
        free = at.isAfter(free) ? at : free;
        events.add(new Event(free, count++, task));
      }
    };
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

  /** Lets everything happen until nothing is left to happen, or the time is over. */
  void run(Duration atMost) {
    Instant end = now.plus(atMost);
    while (!events.isEmpty() && !events.peek().at().isAfter(end)) {
      Event event = events.poll();
      now = event.at();
      event.what().run();
    }
  }
}
