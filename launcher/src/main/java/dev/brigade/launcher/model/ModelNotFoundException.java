package dev.brigade.launcher.model;

/** There is no such model here; the message says where it was looked for. */
public final class ModelNotFoundException extends Exception {
  public ModelNotFoundException(String message) {
    super(message);
  }
}
