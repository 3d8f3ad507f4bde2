package dev.brigade.launcher.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * A streamed answer as its client got it.
 *
 * @param longestPause between two events
 */
record Telling(String text, Duration longestPause) {
  static final int TOKENS = 60;

  /** Reads a whole answer; fails if it ends with an error, or without an end. */
  static Telling of(Api api, String question, Heard heard) {
    StringBuilder text = new StringBuilder();
    long longest = 0;
    try (Stream<String> events = api.stream(question, TOKENS)) {
      Iterator<String> each = events.iterator();
      long last = System.nanoTime();
      for (String event = each.next(); !event.equals("[DONE]"); event = each.next()) {
        text.append(Api.delta(event));
        heard.token();
        longest = Math.max(longest, System.nanoTime() - last);
        last = System.nanoTime();
      }
      return new Telling(text.toString(), Duration.ofNanos(longest));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
