package dev.brigade.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Closes connections that have no request under way for too long, be it that the client sends
 * nothing, or its request's head so slowly that it never becomes one. Not a plain idle timeout: a
 * stream may be silent for minutes while a model loads.
 */
public final class IdleConnections {
  private final Vertx vertx;
  private final Duration allowed;
  private final Map<HttpConnection, Deadline> idle = new ConcurrentHashMap<>();

  /** Allows this much. */
  public IdleConnections(Vertx vertx, Duration allowed) {
    this.vertx = vertx;
    this.allowed = allowed;
  }

  /** A connection was accepted; on its event loop. */
  public void opened(HttpConnection connection) {
    idle(connection);
    connection.closeHandler(closed -> busy(connection));
  }

  /** A request has begun on it. */
  public void busy(HttpConnection connection) {
    Deadline deadline = idle.remove(connection);
    if (deadline != null) {
      deadline.cancel();
    }
  }

  /** Its request has been answered. */
  public void idle(HttpConnection connection) {
    busy(connection);
    idle.put(connection, Deadline.in(vertx, allowed, connection::close));
  }
}
