package dev.brigade.model.template;

/** Python's {@code None}. */
enum None {
  NONE
}
