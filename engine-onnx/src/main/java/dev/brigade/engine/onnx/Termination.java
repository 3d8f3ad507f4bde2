package dev.brigade.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Timer;
import dev.brigade.spi.engine.EngineException;
import java.time.Duration;

/**
 * Ends a native call early once its cancellation is triggered: looked at now and then from the
 * host's timer, since whoever waits for the call cannot.
 */
final class Termination implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(20);

  private final OrtSession.RunOptions options;
  private final Cancellation cancel;
  private final Timer timer;
  private Timer.Scheduled next;
  private boolean closed;

  private Termination(OrtSession.RunOptions options, Cancellation cancel, Timer timer) {
    this.options = options;
    this.cancel = cancel;
    this.timer = timer;
  }

  /** Watches from now until {@link #close}. */
  static Termination watch(Cancellation cancel, Timer timer) throws EngineException {
    try {
      Termination termination = new Termination(new OrtSession.RunOptions(), cancel, timer);
      termination.lookAgain();
      return termination;
    } catch (OrtException e) {
      throw Ort.failure("preparing a run", e);
    }
  }

  OrtSession.RunOptions options() {
    return options;
  }

  private synchronized void lookAgain() {
    if (!closed) {
      next = timer.schedule(INTERVAL, this::look);
    }
  }

  private synchronized void look() {
    if (closed) {
      return;
    }
    if (!cancel.isCancelled()) {
      lookAgain();
      return;
    }
    try {
      options.setTerminate(true);
    } catch (OrtException e) {
      throw new IllegalStateException("asking ONNX Runtime to stop failed", e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    next.cancel();
    options.close();
  }
}
