package dev.brigade.transport.vertx;

/** What a message in frames is. */
enum Subject {
  /** Wants an answer. */
  REQUEST,
  /** The receiver's answer. */
  ANSWER,
  /** The receiver says no; the reason is the head. */
  REFUSAL
}
