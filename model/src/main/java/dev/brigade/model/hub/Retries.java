package dev.brigade.model.hub;

import dev.brigade.spi.Cancellation;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Makes attempts until one succeeds, with growing pauses between those that bring nothing. */
final class Retries {
  private static final System.Logger LOG = System.getLogger(Retries.class.getName());
  private static final Duration LONGEST_OF_ITS_OWN = Duration.ofSeconds(20);

  private final HubSettings.Patience patience;
  private final Pause pause;

  Retries(HubSettings.Patience patience, Pause pause) {
    this.patience = patience;
    this.pause = pause;
  }

  /** One attempt. */
  @FunctionalInterface
  interface Attempt<T> {
    T make() throws PassingFailure, HubException;
  }

  <T> T of(String what, Attempt<T> attempt, Cancellation cancel) throws HubException {
    return of(what, attempt, () -> 0, cancel);
  }

  /**
   * The result of the first attempt that succeeds.
   *
   * @param what is attempted, for messages
   * @param progress bytes that are there; where attempts add some, they may be any number
   * @throws HubException what an attempt throws; UNREACHABLE when patience is at its end
   */
  <T> T of(String what, Attempt<T> attempt, LongSupplier progress, Cancellation cancel)
      throws HubException {
    int failures = 0;
    while (true) {
      Pause.requireWanted(cancel);
      long before = progress.getAsLong();
      try {
        return attempt.make();
      } catch (PassingFailure e) {
        failures = progress.getAsLong() > before ? 1 : failures + 1;
        if (failures >= patience.tries()) {
          throw exhausted(what, failures, e);
        }
        Duration wait = pauseAfter(failures, e);
        if (wait.compareTo(patience.longestPause()) > 0) {
          throw new HubException(
              HubException.Kind.UNREACHABLE,
              "%s: %s, and asks to wait %d seconds; try again then"
                  .formatted(what, e.getMessage(), wait.toSeconds()),
              e);
        }
        LOG.log(System.Logger.Level.DEBUG, "{0}: {1}; again in {2}", what, e.getMessage(), wait);
        pause.await(wait, cancel);
      }
    }
  }

  private Duration pauseAfter(int failures, PassingFailure failure) {
    Duration doubled = patience.pause().multipliedBy(1L << Math.min(failures - 1, 16));
    Duration own = doubled.compareTo(LONGEST_OF_ITS_OWN) < 0 ? doubled : LONGEST_OF_ITS_OWN;
    return failure.retryAfter().filter(asked -> asked.compareTo(own) > 0).orElse(own);
  }

  private static HubException exhausted(String what, int failures, PassingFailure last) {
    return new HubException(
        HubException.Kind.UNREACHABLE,
        "%s: %s, %d times in a row; try again later, or set HF_ENDPOINT to a hub that answers"
            .formatted(what, last.getMessage(), failures),
        last);
  }
}
