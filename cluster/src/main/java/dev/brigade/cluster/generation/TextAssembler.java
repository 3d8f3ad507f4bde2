package dev.brigade.cluster.generation;

import java.util.List;

/**
 * What of an answer can be shown: ends it at the first stop text, and holds back what may yet
 * become one. Of several stop texts the one that is complete first ends the answer; of those
 * complete at once, the one that begins first.
 */
final class TextAssembler {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean stopped;

  TextAssembler(List<String> stops) {
    this.stops = List.copyOf(stops);
  }

  /**
   * Adds text.
   *
   * @return what can be shown now
   */
  String add(String text) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length() && !stopped; i++) {
      held.append(text.charAt(i));
      int stopAt = completedStop();
      if (stopAt >= 0) {
        stopped = true;
        shown.append(held, 0, stopAt);
        held.setLength(0);
      } else {
        int free = held.length() - longestBeginning();
        shown.append(held, 0, free);
        held.delete(0, free);
      }
    }
    return shown.toString();
  }

  /** Whether a stop text has come; nothing is shown any more. */
  boolean isStopped() {
    return stopped;
  }

  /** The answer has ended otherwise: gives what was held back. */
  String finish() {
    String rest = held.toString();
    held.setLength(0);
    return rest;
  }

  /** Where the stop text begins that ends at the end of what is held; -1 if none does. */
  private int completedStop() {
    int begin = -1;
    for (String stop : stops) {
      int at = held.length() - stop.length();
      if (at >= 0 && held.indexOf(stop, at) == at && (begin < 0 || at < begin)) {
        begin = at;
      }
    }
    return begin;
  }

  /** Length of the longest end of what is held with which a stop text begins. */
  private int longestBeginning() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}
