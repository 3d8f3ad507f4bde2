package dev.brigade.cluster.runtime;

import dev.brigade.spi.Timer;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/** Where a node's code runs and what it draws time and chance from. */
public interface NodeRuntime {

  /** The one thread that owns the node's state; never blocked. */
  Executor loop();

  /** The one thread that the engine runs on. */
  Executor engine();

  /** Threads that may block: reading files, loading shards. */
  Executor background();

  /** Timers, whose tasks run on the loop. */
  Timer timer();

  Clock clock();

  /** For ids; nothing that decides a token comes from here. */
  RandomGenerator random();
}
