package dev.brigade.gateway.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;

/** Answers what is no HTTP request, and closes the connection, as nobody knows where it ends. */
public final class InvalidRequests {
  private InvalidRequests() {}

  /** Answers one. */
  public static void answer(HttpServerRequest request) {
    ApiError error = error(request.decoderResult().cause());
    request
        .response()
        .setStatusCode(error.status())
        .putHeader("content-type", "application/json")
        .putHeader("connection", "close")
        .end(Json.buffer(error.body()))
        .onComplete(sent -> request.connection().close());
  }

  private static ApiError error(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return ApiError.http(414, "url_too_long", "the request line is too long");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return ApiError.http(431, "headers_too_large", "the request's headers are too long");
    }
    return ApiError.http(400, "invalid_http", "this is not a valid HTTP request");
  }
}
