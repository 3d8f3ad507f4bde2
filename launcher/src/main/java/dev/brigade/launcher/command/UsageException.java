package dev.brigade.launcher.command;

/** The command was called in a way that makes no sense; exit status 2. */
final class UsageException extends Exception {
  UsageException(String message) {
    super(message);
  }
}
