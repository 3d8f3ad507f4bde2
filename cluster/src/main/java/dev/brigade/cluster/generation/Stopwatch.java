package dev.brigade.cluster.generation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a request was admitted, when its prompt was sent, and when its tokens came. Owned by the
 * loop.
 */
final class Stopwatch {
  private final Clock clock;
  private final Instant admitted;
  private Optional<Instant> begun = Optional.empty();
  private Optional<Instant> first = Optional.empty();
  private Optional<Instant> last = Optional.empty();

  Stopwatch(Clock clock) {
    this.clock = clock;
    this.admitted = clock.instant();
  }

  /** From the admission to the first token. */
  Duration untilFirstToken() {
    return between(Optional.of(admitted), first);
  }

  /** The prompt is sent; only the first time counts. */
  void promptSent() {
    begun = Optional.of(begun.orElseGet(clock::instant));
  }

  /** A token has come. */
  void token() {
    last = Optional.of(clock.instant());
    first = Optional.of(first.orElseGet(last::get));
  }

  /** How long the client has waited; from the prompt on if no token has come yet. */
  Duration sinceLastToken() {
    return between(last.or(() -> begun), Optional.of(clock.instant()));
  }

  boolean hasToken() {
    return first.isPresent();
  }

  Duration prefill() {
    return between(begun, first);
  }

  Duration decode() {
    return between(first, last);
  }

  private static Duration between(Optional<Instant> from, Optional<Instant> to) {
    return from.isPresent() && to.isPresent()
        ? Duration.between(from.get(), to.get())
        : Duration.ZERO;
  }
}
