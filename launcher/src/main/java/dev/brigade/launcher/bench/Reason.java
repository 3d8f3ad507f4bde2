package dev.brigade.launcher.bench;

import java.util.Optional;

/** An error in one line. */
final class Reason {
  private Reason() {}

  static String of(Throwable error) {
    return Optional.ofNullable(error.getMessage())
        .map(message -> message.strip().replaceAll("\\s*\\R\\s*", " "))
        .filter(message -> !message.isBlank())
        .orElse(error.toString());
  }
}
