package dev.brigade.gateway.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Server-sent events (WHATWG HTML, section 9.2) to one reader. A reader that is slow for a while is
 * waited for, with a bounded backlog; one that stops reading is cut off, which the exchange's
 * {@link Exchange#whenGone} tells. While there is nothing to say, comments keep proxies from giving
 * up and show the operating system whether the client still lives.
 */
public final class SseStream {
  private static final int BACKLOG_BYTES = 1 << 20;
  private static final Buffer COMMENT = Buffer.buffer(": still here\n\n");

  private final Exchange exchange;
  private final Deque<Buffer> backlog = new ArrayDeque<>();
  private long backlogBytes;
  private Optional<Deadline> stalled = Optional.empty();
  private Deadline heartbeat;
  private boolean opened;
  private boolean ending;

  /** Prepares the stream; nothing is sent before the first event or heartbeat. */
  public SseStream(Exchange exchange) {
    this.exchange = exchange;
    this.heartbeat = nextHeartbeat();
    exchange.whenGone(this::stopTimers);
  }

  /** Whether the answer has begun, so that its status can no longer be an error's. */
  public boolean opened() {
    return opened;
  }

  /** Sends one event with a value as JSON. */
  public void data(Object value) {
    event(Buffer.buffer("data: ").appendBuffer(Json.buffer(value)).appendString("\n\n"));
  }

  /** Sends {@code data: [DONE]} and ends the answer. */
  public void done() {
    event(Buffer.buffer("data: [DONE]\n\n"));
    end();
  }

  /** Tells of a failure: as the answer if none has begun, else as the last event. */
  public void fail(ApiError error) {
    if (opened) {
      data(error.body());
      end();
    } else {
      stopTimers();
      ending = true;
      exchange.fail(error);
    }
  }

  private void event(Buffer text) {
    if (exchange.gone() || ending) {
      return;
    }
    open();
    heartbeat.cancel();
    heartbeat = nextHeartbeat();
    backlog.add(text);
    backlogBytes += text.length();
    flush();
    if (backlogBytes > BACKLOG_BYTES) {
      exchange.abort();
    }
  }

  private void end() {
    ending = true;
    heartbeat.cancel();
    flush();
  }

  private void open() {
    if (!opened) {
      opened = true;
      exchange
          .response()
          .setChunked(true)
          .putHeader("content-type", "text/event-stream; charset=utf-8")
          .putHeader("cache-control", "no-cache")
          .putHeader("x-accel-buffering", "no"); // or nginx collects the stream
    }
  }

  private void flush() {
    HttpServerResponse response = exchange.response();
    if (exchange.gone() || response.ended()) {
      return;
    }
    while (!backlog.isEmpty() && !response.writeQueueFull()) {
      Buffer next = backlog.remove();
      backlogBytes -= next.length();
      response.write(next);
    }
    stalled.ifPresent(Deadline::cancel);
    stalled = Optional.empty();
    if (!backlog.isEmpty()) {
      stalled =
          Optional.of(Deadline.in(exchange.vertx(), exchange.limits().stall(), exchange::abort));
      response.drainHandler(drained -> flush());
    } else if (ending) {
      exchange.end(Buffer.buffer());
    }
  }

  private Deadline nextHeartbeat() {
    return Deadline.in(exchange.vertx(), exchange.limits().heartbeat(), this::beat);
  }

  private void beat() {
    if (backlog.isEmpty()) {
      event(COMMENT.copy());
    } else {
      heartbeat = nextHeartbeat();
    }
  }

  private void stopTimers() {
    heartbeat.cancel();
    stalled.ifPresent(Deadline::cancel);
  }
}
