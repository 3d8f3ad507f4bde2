package dev.brigade.transport.vertx;

/** What came over the event bus is not a frame. */
final class MalformedFrameException extends Exception {
  MalformedFrameException(String message) {
    super(message);
  }

  MalformedFrameException(String message, Throwable cause) {
    super(message, cause);
  }
}
