package dev.brigade.gateway.http;

import dev.brigade.cluster.generation.RequestId;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * One request and its answer. Lives on the connection's event loop; answers at most once, and tells
 * whoever works for it when nobody is there to read the answer any more.
 */
public final class Exchange {
  private static final System.Logger LOG = System.getLogger(Exchange.class.getPackageName());

  /** How long a refused client may go on sending before it is cut off, so that it sees why. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Context context;
  private final HttpServerRequest request;
  private final HttpLimits limits;
  private final RequestId id;
  private final List<Runnable> whenGone = new ArrayList<>();
  private boolean gone;

  /** Takes a request over; must be called before its handler returns. */
  public Exchange(Vertx vertx, HttpServerRequest request, HttpLimits limits) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.request = request;
    this.limits = limits;
    this.id = clientsName(request).orElseGet(Exchange::newName);
    HttpServerResponse response = request.response();
    response.putHeader("x-request-id", id.value()).putHeader("x-content-type-options", "nosniff");
    response.exceptionHandler(e -> left());
    response.closeHandler(closed -> left());
  }

  /** What the client calls it; what is not well-formed would only spoil logs. */
  private static Optional<RequestId> clientsName(HttpServerRequest request) {
    List<String> names = request.headers().getAll("x-request-id");
    return names.size() == 1 ? RequestId.parse(names.get(0)) : Optional.empty();
  }

  private static RequestId newName() {
    return new RequestId("req_" + UUID.randomUUID().toString().replace("-", ""));
  }

  /** Names it to the client and in the log. */
  public RequestId id() {
    return id;
  }

  /** What was asked. */
  public HttpServerRequest request() {
    return request;
  }

  /** What is answered; prefer {@link #json} and {@link #fail}. */
  public HttpServerResponse response() {
    return request.response();
  }

  /** What the client may use up. */
  public HttpLimits limits() {
    return limits;
  }

  /** Where timers come from. */
  public Vertx vertx() {
    return vertx;
  }

  /** The event loop that everything about this exchange happens on. */
  public Context context() {
    return context;
  }

  /**
   * Has something done when the answer is complete and the connection waits for another request.
   */
  public void whenAnswered(Runnable action) {
    response().endHandler(ended -> action.run());
  }

  /** Whether the client is gone. */
  public boolean gone() {
    return gone;
  }

  /** Has something done, once, if the client goes away before the answer is complete. */
  public void whenGone(Runnable action) {
    if (gone) {
      action.run();
    } else {
      whenGone.add(action);
    }
  }

  private void left() {
    if (!gone && !response().ended()) {
      gone = true;
      whenGone.forEach(Runnable::run);
      whenGone.clear();
    }
  }

  /** Answers with a value as JSON. */
  public void json(int status, Object value) {
    if (gone || response().headWritten()) {
      return;
    }
    response().setStatusCode(status).putHeader("content-type", "application/json");
    if (bodyPending()) {
      response().putHeader("connection", "close");
    }
    end(Json.buffer(value));
  }

  /** Answers with an error, unless an answer has begun. */
  public void fail(ApiError error) {
    if (gone || response().headWritten()) {
      return;
    }
    error
        .retryAfterSeconds()
        .ifPresent(seconds -> response().putHeader("retry-after", Integer.toString(seconds)));
    if (error.status() == 401) {
      response().putHeader("www-authenticate", "Bearer");
    }
    json(error.status(), error.body());
  }

  /** Answers with what a failure is to the client; what is no {@link ApiError} is logged. */
  public void fail(Throwable cause) {
    fail(told(cause));
  }

  /** What a failure is to the client; what is no {@link ApiError} is logged. */
  public ApiError told(Throwable cause) {
    if (cause instanceof ApiError error) {
      return error;
    }
    LOG.log(System.Logger.Level.ERROR, "request " + id.value() + " failed", cause);
    return ApiError.internal(id.value());
  }

  /** Ends the answer; a client that leaves it unread for too long is cut off. */
  public void end(Buffer last) {
    boolean cutShort = bodyPending();
    Deadline stalled = Deadline.in(vertx, limits.stall(), this::abort);
    Future<Void> written = last.length() == 0 ? response().end() : response().end(last);
    written.onComplete(
        done -> {
          stalled.cancel();
          if (cutShort) {
            linger();
          }
        });
  }

  private boolean bodyPending() {
    String length = request.getHeader("content-length");
    boolean hasBody =
        request.headers().contains("transfer-encoding") || !(length == null || length.equals("0"));
    return hasBody && !request.isEnded();
  }

  /**
   * Closes the connection, as HTTP/1.1 knows no other way to take an answer back. Vert.x's own
   * close waits until all that was written is sent, which with a client that does not read is
   * never; there is no other way than the channel.
   */
  public void abort() {
    HttpConnection connection = request.connection();
    if (connection instanceof HttpServerConnection direct) {
      direct.channelHandlerContext().close();
    } else {
      connection.close();
    }
  }

  /** Closing while the client still sends resets the connection, and the answer is lost. */
  private void linger() {
    Deadline.in(vertx, LINGER, this::abort);
    request.exceptionHandler(e -> {}).handler(ignored -> {}).endHandler(ended -> abort()).resume();
  }
}
