package dev.brigade.model.bench;

/**
 * A loaded shard may tell how long it has been in its native library, so that a benchmark can say
 * what the way there costs.
 */
public interface NativeTime {

  /** Nanoseconds spent within native computations since the shard was loaded; never falls. */
  long nativeNanos();
}
