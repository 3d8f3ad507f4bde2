package dev.brigade.gateway.http;

import java.time.Duration;

/**
 * What a client may use up.
 *
 * @param bodyBytes longest request body
 * @param headerBytes longest request head
 * @param requests requests for answers under way at a time; more are told to come back
 * @param idle how long a connection may stay without a complete request head
 * @param body how long a request's body may take to arrive
 * @param stall how long a client may leave an answer unread
 * @param heartbeat how often a stream that has nothing to say shows that it is alive
 * @param shutdown how long answers under way may take to finish once the gateway closes
 */
public record HttpLimits(
    int bodyBytes,
    int headerBytes,
    int requests,
    Duration idle,
    Duration body,
    Duration stall,
    Duration heartbeat,
    Duration shutdown) {

  /** What a node uses unless it is told otherwise. */
  public static final HttpLimits DEFAULT =
      new HttpLimits(
          8 << 20,
          16 << 10,
          256,
          Duration.ofSeconds(75),
          Duration.ofSeconds(60),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          Duration.ofSeconds(5));

  public HttpLimits {
    positive("bodyBytes", bodyBytes);
    positive("headerBytes", headerBytes);
    positive("requests", requests);
    positive("idle", idle.toMillis());
    positive("body", body.toMillis());
    positive("stall", stall.toMillis());
    positive("heartbeat", heartbeat.toMillis());
    positive("shutdown", shutdown.toMillis());
  }

  private static void positive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("limit " + name + " is " + value + ", it must be above 0");
    }
  }
}
