package dev.brigade.launcher.bench;

import dev.brigade.model.bench.NativeTime;
import dev.brigade.spi.engine.EngineException;
import dev.brigade.spi.engine.LoadedShard;
import java.util.Optional;
import java.util.OptionalDouble;

/** How much of some work's time a shard spends within its native library, if it tells. */
final class NativeShare {
  private final Optional<NativeTime> shard;
  private long within;
  private long all;

  NativeShare(LoadedShard shard) {
    this.shard = shard instanceof NativeTime clock ? Optional.of(clock) : Optional.empty();
  }

  /** Runs a piece of the work. */
  void around(Stopwatch.Work work) throws EngineException {
    long before = shard.map(NativeTime::nativeNanos).orElse(0L);
    long begin = System.nanoTime();
    work.run();
    all += System.nanoTime() - begin;
    within += shard.map(NativeTime::nativeNanos).orElse(0L) - before;
  }

  /** The part of all work so far; empty if the shard does not tell. */
  OptionalDouble part() {
    return shard.isEmpty() || all == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Math.min(1, (double) within / all));
  }
}
