package dev.brigade.cluster.simulation;

import dev.brigade.cluster.runtime.NodeRuntime;
import dev.brigade.spi.Timer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * A process of the virtual world: its threads and timers, which can be stopped, woken and killed.
 * What was due while it was stopped happens, late and in order, when it is woken.
 */
final class VirtualProcess implements NodeRuntime {
  private enum State {
    RUNS,
    STOPPED,
    DEAD
  }

  private final VirtualWorld world;
  private final List<Runnable> missed = new ArrayList<>();
  private final Executor loop;
  private final Executor engine;
  private final Executor background;
  private State state = State.RUNS;

  VirtualProcess(VirtualWorld world) {
    this.world = world;
    loop = thread(Duration.ofNanos(200_000));
    engine = thread(Duration.ofMillis(5));
    background = thread(Duration.ofMillis(50));
  }

  boolean runs() {
    return state == State.RUNS;
  }

  boolean isDead() {
    return state == State.DEAD;
  }

  /** SIGKILL. */
  void kill() {
    state = State.DEAD;
    missed.clear();
  }

  /** SIGSTOP. */
  void stop() {
    if (state == State.RUNS) {
      state = State.STOPPED;
    }
  }

  /** SIGCONT. */
  void resume() {
    if (state == State.STOPPED) {
      state = State.RUNS;
      List<Runnable> late = List.copyOf(missed);
      missed.clear();
      late.forEach(task -> world.after(Duration.ZERO, () -> here(task)));
    }
  }

  /** Does something in this process, now or when it runs again. */
  void here(Runnable task) {
    switch (state) {
      case RUNS -> task.run();
      case STOPPED -> missed.add(task);
      case DEAD -> {}
    }
  }

  Timer.Scheduled after(Duration delay, Runnable task) {
    boolean[] cancelled = {false};
    Timer.Scheduled scheduled =
        world.after(
            delay,
            () ->
                here(
                    () -> {
                      if (!cancelled[0]) {
                        task.run();
                      }
                    }));
    return () -> {
      cancelled[0] = true;
      scheduled.cancel();
    };
  }

  /** A thread: takes its tasks in order, each some time after it was given. */
  private Executor thread(Duration slowest) {
    return new Executor() {
      private Instant free = Instant.MIN;

      @Override
      public void execute(Runnable task) {
        Instant at = world.now().plus(world.upTo(slowest));
        free = at.isAfter(free) ? at : free;
        world.at(free, () -> here(task));
      }
    };
  }

  @Override
  public Executor loop() {
    return loop;
  }

  @Override
  public Executor engine() {
    return engine;
  }

  @Override
  public Executor background() {
    return background;
  }

  @Override
  public Timer timer() {
    return (delay, task) -> after(delay, () -> loop.execute(task));
  }

  @Override
  public Clock clock() {
    return world.clock();
  }

  @Override
  public RandomGenerator random() {
    return world.random();
  }
}
