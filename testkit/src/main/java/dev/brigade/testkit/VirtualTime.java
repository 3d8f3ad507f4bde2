package dev.brigade.testkit;

import dev.brigade.spi.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A clock and a timer that move only when a test says so. Any thread may read the time and
 * schedule; tasks run on the thread that calls {@link #advance}, in the order of their times.
 */
public final class VirtualTime implements Timer {
  private static final Duration STEP = Duration.ofMillis(50);
  private static final Duration REAL_TIME_PER_STEP = Duration.ofMillis(2);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private record Task(Instant due, long number, Runnable action) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparing(Task::due).thenComparing(Task::number));
  private final Clock clock = new VirtualClock(ZoneOffset.UTC);
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long scheduled;

  /** Shows this time. */
  public Clock clock() {
    return clock;
  }

  @Override
  public synchronized Scheduled schedule(Duration delay, Runnable action) {
    Task task = new Task(now.plus(delay.isNegative() ? Duration.ZERO : delay), scheduled++, action);
    tasks.add(task);
    return () -> cancel(task);
  }

  /** Moves on by {@code step}, running what falls due on the way, each task at its own time. */
  public void advance(Duration step) {
    Instant target = now().plus(step);
    while (true) {
      Runnable action;
      synchronized (this) {
        Task next = tasks.peek();
        if (next == null || next.due().isAfter(target)) {
          now = target;
          return;
        }
        tasks.remove();
        if (next.due().isAfter(now)) {
          now = next.due();
        }
        action = next.action();
      }
      action.run();
    }
  }

  /**
   * Moves on in small steps until {@code condition} holds, and gives threads and networks, which do
   * not know of virtual time, a moment of real time after each.
   *
   * @throws AssertionError if it does not hold after 20 s of real time
   */
  public void advanceUntil(String what, BooleanSupplier condition) {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > giveUp) {
        throw new AssertionError("not within " + PATIENCE + ": " + what);
      }
      advance(STEP);
      LockSupport.parkNanos(REAL_TIME_PER_STEP.toNanos());
    }
  }

  /** Moves on by {@code span} in such small steps. */
  public void pass(Duration span) {
    Instant target = now().plus(span);
    advanceUntil(span + " to pass", () -> !now().isBefore(target));
  }

  private synchronized void cancel(Task task) {
    tasks.remove(task);
  }

  private synchronized Instant now() {
    return now;
  }

  private final class VirtualClock extends Clock {
    private final ZoneId zone;

    VirtualClock(ZoneId zone) {
      this.zone = zone;
    }

    @Override
    public ZoneId getZone() {
      return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
      return new VirtualClock(other);
    }

    @Override
    public Instant instant() {
      return now();
    }
  }
}
