package dev.brigade.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The answers under way: no more than allowed, and none left over when the gateway closes. */
public final class InFlight {
  private final int allowed;
  private final Map<Exchange, Consumer<ApiError>> running = new HashMap<>();
  private final Promise<Void> empty = Promise.promise();
  private boolean closing;

  /** Allows this many at a time. */
  public InFlight(int allowed) {
    this.allowed = allowed;
  }

  /**
   * Counts one in, until {@link #leave}.
   *
   * @param stop ends it early with this error; called on the exchange's event loop
   * @throws ApiError if there are too many, or the gateway is closing
   */
  public synchronized void enter(Exchange exchange, Consumer<ApiError> stop) throws ApiError {
    if (closing) {
      throw ApiError.closing();
    }
    if (running.size() >= allowed) {
      throw ApiError.busy(allowed + " requests are under way, which is all that this node takes");
    }
    running.put(exchange, stop);
  }

  /** Counts one out; idempotent. */
  public synchronized void leave(Exchange exchange) {
    running.remove(exchange);
    if (closing && running.isEmpty()) {
      empty.tryComplete();
    }
  }

  /** Whether new requests are refused because the gateway closes. */
  public synchronized boolean closing() {
    return closing;
  }

  /**
   * Takes nothing new, lets what runs finish within this time, then stops it.
   *
   * @return done when nothing runs any more
   */
  public synchronized Future<Void> drain(Vertx vertx, Duration patience) {
    closing = true;
    if (running.isEmpty()) {
      empty.tryComplete();
    } else {
      vertx.setTimer(patience.toMillis(), late -> stopAll());
    }
    return empty.future();
  }

  private synchronized void stopAll() {
    for (Map.Entry<Exchange, Consumer<ApiError>> entry : List.copyOf(running.entrySet())) {
      entry.getKey().context().runOnContext(go -> entry.getValue().accept(ApiError.closing()));
    }
  }
}
