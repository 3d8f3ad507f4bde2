package dev.brigade.model.hub;

import java.time.Duration;
import java.util.Optional;

/** An attempt failed in a way that the next one need not. */
final class PassingFailure extends Exception {
  private static final long serialVersionUID = 1;

  /** How long the hub asks to wait, if it does. */
  private final transient Optional<Duration> retryAfter;

  PassingFailure(String message) {
    this(message, Optional.empty());
  }

  PassingFailure(String message, Optional<Duration> retryAfter) {
    super(message);
    this.retryAfter = retryAfter;
  }

  Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
