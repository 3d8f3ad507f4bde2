package dev.brigade.launcher.bench;

import java.util.Arrays;

/**
 * Round trips of messages of one size between two nodes.
 *
 * @param transport name of the transport
 * @param secured whether the nodes shared a secret
 * @param bytes of the body, each way
 * @param count of round trips
 * @param medianMillis half took no longer
 * @param mostMillis 99 of 100 took no longer
 * @param leastMillis the shortest
 */
public record HopResult(
    String transport,
    boolean secured,
    int bytes,
    int count,
    double medianMillis,
    double mostMillis,
    double leastMillis) {

  /** Sorts what was measured. */
  static HopResult of(String transport, boolean secured, int bytes, long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new HopResult(
        transport,
        secured,
        bytes,
        sorted.length,
        sorted[sorted.length / 2] / 1e6,
        sorted[sorted.length * 99 / 100] / 1e6,
        sorted[0] / 1e6);
  }
}
