package dev.brigade.model.engine;

import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Timer;
import java.time.Duration;

/**
 * Looks now and then whether a native call is wanted still, since whoever waits for it cannot, and
 * asks it to stop when it is not. Closed when the call has ended: the call is asked once at most,
 * and not after that.
 */
public final class CancellationWatch implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(20);

  private final Cancellation cancel;
  private final Timer timer;
  private final Runnable stop;
  private Timer.Scheduled next;
  private boolean closed;

  private CancellationWatch(Cancellation cancel, Timer timer, Runnable stop) {
    this.cancel = cancel;
    this.timer = timer;
    this.stop = stop;
  }

  /**
   * Watches from now on.
   *
   * @param stop makes the native call end early; called on the timer's thread
   */
  public static CancellationWatch start(Cancellation cancel, Timer timer, Runnable stop) {
    CancellationWatch watch = new CancellationWatch(cancel, timer, stop);
    watch.lookAgain();
    return watch;
  }

  private synchronized void lookAgain() {
    next = timer.schedule(INTERVAL, this::look);
  }

  private synchronized void look() {
    if (closed) {
      return;
    }
    if (cancel.isCancelled()) {
      stop.run();
    } else {
      lookAgain();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    next.cancel();
  }
}
