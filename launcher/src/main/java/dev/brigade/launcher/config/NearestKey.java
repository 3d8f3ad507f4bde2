package dev.brigade.launcher.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what someone most likely meant to write. */
public final class NearestKey {
  private NearestKey() {}

  /** The known word with the fewest edits from {@code word}; the first of several. */
  public static Optional<String> of(String word, Collection<String> known) {
    return known.stream().sorted().min(Comparator.comparingInt(key -> distance(word, key)));
  }

  /**
   * Least number of letters to insert, delete, replace or swap with their neighbour (optimal string
   * alignment distance).
   */
  static int distance(String from, String to) {
    int[][] edits = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        edits[i][j] = i == 0 || j == 0 ? i + j : edits(edits, from, to, i, j);
      }
    }
    return edits[from.length()][to.length()];
  }

  private static int edits(int[][] edits, String from, String to, int i, int j) {
    int replaced = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
    int least = Math.min(edits[i - 1][j], edits[i][j - 1]) + 1;
    least = Math.min(least, edits[i - 1][j - 1] + replaced);
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(least, edits[i - 2][j - 2] + 1) : least;
  }
}
