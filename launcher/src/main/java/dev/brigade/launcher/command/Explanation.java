package dev.brigade.launcher.command;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Why something failed, in one line for a person. */
final class Explanation {
  private Explanation() {}

  static String of(Throwable error) {
    Throwable told = error;
    while (isWrapper(told) && told.getCause() != null) {
      told = told.getCause();
    }
    String message = told.getMessage();
    boolean selfExplaining = message != null && message.contains(" ");
    String text = selfExplaining ? message : told.toString();
    return text.strip().replaceAll("\\s*\\R\\s*", " ");
  }

  private static boolean isWrapper(Throwable error) {
    return error instanceof CompletionException || error instanceof ExecutionException;
  }
}
