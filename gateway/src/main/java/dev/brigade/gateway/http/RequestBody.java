package dev.brigade.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/** Reads a request's body whole, within the limits on its size and time. */
public final class RequestBody {
  private final Exchange exchange;
  private final Promise<Buffer> whole = Promise.promise();
  private final Buffer soFar = Buffer.buffer();

  private RequestBody(Exchange exchange) {
    this.exchange = exchange;
  }

  /**
   * Reads a JSON body; must be called before the request's handler returns.
   *
   * @return the bytes, or an {@link ApiError}: not declared as JSON, too long, or too slow
   */
  public static Future<Buffer> json(Exchange exchange) {
    String type = exchange.request().getHeader("content-type");
    if (type != null && !isJson(type)) {
      return Future.failedFuture(
          ApiError.http(
              415,
              "unsupported_media_type",
              "the body must be JSON; send the header Content-Type: application/json"));
    }
    return new RequestBody(exchange).read();
  }

  private static boolean isJson(String type) {
    String essence = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return essence.equals("application/json")
        || (essence.startsWith("application/") && essence.endsWith("+json"));
  }

  private Future<Buffer> read() {
    HttpServerRequest request = exchange.request();
    if (declaredLength(request) > exchange.limits().bodyBytes()) {
      return Future.failedFuture(tooLong());
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
      exchange.response().writeContinue();
    }
    Deadline late = Deadline.in(exchange.vertx(), exchange.limits().body(), this::tooSlow);
    request.handler(this::append);
    request.endHandler(ended -> whole.tryComplete(soFar));
    request.exceptionHandler(whole::tryFail);
    exchange.whenGone(() -> whole.tryFail("the client went away"));
    return whole.future().onComplete(done -> late.cancel());
  }

  private void append(Buffer part) {
    if (whole.future().isComplete()) {
      return;
    }
    if (soFar.length() + part.length() > exchange.limits().bodyBytes()) {
      whole.tryFail(tooLong());
    } else {
      soFar.appendBuffer(part);
    }
  }

  private void tooSlow() {
    whole.tryFail(
        ApiError.http(
            408,
            "request_timeout",
            "the body did not arrive within " + exchange.limits().body().toSeconds() + " s"));
  }

  private ApiError tooLong() {
    return ApiError.http(
        413,
        "body_too_large",
        "the body is longer than the " + exchange.limits().bodyBytes() + " bytes that are allowed");
  }

  private static long declaredLength(HttpServerRequest request) {
    String length = request.getHeader("content-length");
    // The parser has refused anything but digits; more than 18 of them are too many anyway.
    return length == null ? 0 : length.length() > 18 ? Long.MAX_VALUE : Long.parseLong(length);
  }
}
