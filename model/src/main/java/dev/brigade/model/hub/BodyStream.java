package dev.brigade.model.hub;

import dev.brigade.spi.Cancellation;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A body that is taken chunk by chunk, by one thread that never waits without end. One chunk is in
 * flight at a time, so that a slow disk slows the sender down.
 */
final class BodyStream implements HttpResponse.BodySubscriber<BodyStream>, AutoCloseable {
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private final CompletableFuture<BodyStream> begun = new CompletableFuture<>();
  private Optional<Flow.Subscription> subscription = Optional.empty();
  private boolean closed;

  /** What the client's thread tells the reading one: a chunk, an end or a failure. */
  private record Signal(List<ByteBuffer> chunk, Optional<Throwable> failure, boolean end) {}

  @Override
  public CompletionStage<BodyStream> getBody() {
    return begun;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    boolean unwanted;
    synchronized (this) {
      subscription = Optional.of(given);
      unwanted = closed;
    }
    if (unwanted) {
      given.cancel();
    } else {
      given.request(1);
    }
    begun.complete(this);
  }

  @Override
  public void onNext(List<ByteBuffer> chunk) {
    signals.add(new Signal(chunk, Optional.empty(), false));
  }

  @Override
  public void onError(Throwable failure) {
    signals.add(new Signal(List.of(), Optional.of(failure), true));
    begun.complete(this);
  }

  @Override
  public void onComplete() {
    signals.add(new Signal(List.of(), Optional.empty(), true));
  }

  /**
   * The next chunk; empty at the end of the body.
   *
   * @param stall longest wait
   * @throws PassingFailure if the connection breaks, or nothing comes for so long
   */
  Optional<List<ByteBuffer>> next(Duration stall, Cancellation cancel)
      throws PassingFailure, HubException {
    long end = System.nanoTime() + stall.toNanos();
    while (true) {
      Pause.requireWanted(cancel);
      Signal signal = poll();
      if (signal != null) {
        return taken(signal);
      }
      if (System.nanoTime() > end) {
        throw new PassingFailure("nothing came for " + stall.toMillis() + " ms");
      }
    }
  }

  private Signal poll() throws HubException {
    try {
      return signals.poll(Pause.GLANCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HubException.cancelled();
    }
  }

  private Optional<List<ByteBuffer>> taken(Signal signal) throws PassingFailure {
    if (signal.failure().isPresent()) {
      throw new PassingFailure("the connection broke: " + Network.cause(signal.failure().get()));
    }
    if (signal.end()) {
      // For whoever asks once more.
      signals.add(signal);
      return Optional.empty();
    }
    synchronized (this) {
      subscription.ifPresent(source -> source.request(1));
    }
    return Optional.of(signal.chunk());
  }

  /** Ends the transfer, wherever it is. */
  @Override
  public synchronized void close() {
    closed = true;
    subscription.ifPresent(Flow.Subscription::cancel);
  }
}
