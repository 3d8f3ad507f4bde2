package dev.brigade.engine.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.brigade.model.engine.CancellationWatch;
import dev.brigade.spi.Cancellation;
import dev.brigade.spi.Timer;
import dev.brigade.spi.engine.EngineException;
import java.util.Optional;

/** Options of a native call that ends early once its cancellation is triggered. */
final class Termination implements AutoCloseable {
  private final OrtSession.RunOptions options;
  private final Optional<CancellationWatch> watch;

  private Termination(OrtSession.RunOptions options, Optional<CancellationWatch> watch) {
    this.options = options;
    this.watch = watch;
  }

  /** Watches from now until {@link #close}. */
  static Termination watch(Cancellation cancel, Timer timer) throws EngineException {
    OrtSession.RunOptions options = newOptions();
    return new Termination(
        options, Optional.of(CancellationWatch.start(cancel, timer, () -> terminate(options))));
  }

  /** For calls that are over before anyone would look; a timer would only get in their way. */
  static Termination unwatched() throws EngineException {
    return new Termination(newOptions(), Optional.empty());
  }

  private static OrtSession.RunOptions newOptions() throws EngineException {
    try {
      return new OrtSession.RunOptions();
    } catch (OrtException e) {
      throw Ort.failure("preparing a run", e);
    }
  }

  private static void terminate(OrtSession.RunOptions options) {
    try {
      options.setTerminate(true);
    } catch (OrtException e) {
      throw new IllegalStateException("asking ONNX Runtime to stop failed", e);
    }
  }

  OrtSession.RunOptions options() {
    return options;
  }

  @Override
  public void close() {
    watch.ifPresent(CancellationWatch::close);
    options.close();
  }
}
